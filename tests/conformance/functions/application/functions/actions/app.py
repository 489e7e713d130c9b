"""Does what the event names, well or badly."""

import contextlib
import ctypes
import json
import logging
import math
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

print("imported")
IMPORTED = [time.time()]
CALLS = []
LEAK = []
TICKS = []


class Odd(Exception):
    def __str__(self):
        return "\udcff"


def handler(event, context):
    CALLS.append(1)
    return globals()[event["do"]](event, context) if isinstance(event, dict) and "do" in event else event


def look(event, context):
    return {
        "pid": os.getpid(),
        "calls": len(CALLS),
        "imports": len(IMPORTED),
        "cwd": os.getcwd(),
        "task_root": os.environ.get("LAMBDA_TASK_ROOT"),
        "environ": dict(os.environ),
        "ticks": len(TICKS),
        "temporary": os.environ.get("TMPDIR", "/tmp"),
    }


def context_fields(event, context):
    return {
        "function_name": context.function_name,
        "function_version": context.function_version,
        "invoked_function_arn": context.invoked_function_arn,
        "memory_limit_in_mb": context.memory_limit_in_mb,
        "aws_request_id": context.aws_request_id,
        "log_group_name": context.log_group_name,
        "log_stream_name": context.log_stream_name,
        "identity": context.identity and [context.identity.cognito_identity_id],
        "client_context": context.client_context and context.client_context.custom,
        "remaining": context.get_remaining_time_in_millis(),
    }


def sleep(event, context):
    time.sleep(event["seconds"])
    return os.getpid()


def mark(event, context):
    """Leaves a file when it begins, and the request id in another one in the end."""
    path = pathlib.Path(os.environ["FOLDER"], event["file"])
    path.with_suffix(".begun").touch()
    time.sleep(event.get("seconds", 0))
    path.with_suffix(".part").write_text(context.aws_request_id)
    path.with_suffix(".part").rename(path)


def say(event, context):
    print(event["text"])
    print("to stderr", file=sys.stderr)
    logging.getLogger().warning("logged")
    os.write(1, b"straight to the descriptor\n")
    return "said"


def print_much(event, context):
    for _ in range(event["lines"]):
        print("x" * event["width"])


def fail(event, context):
    raise ValueError(event.get("message", "as asked"))


def fail_hugely(event, context):
    raise ValueError("m" * event["size"])


def fail_oddly(event, context):
    raise Odd


def fail_deeply(event, context):
    return fail_deeply(event, context)


def base_exception(event, context):
    raise BaseException("past every except Exception")


def exit_3(event, context):
    sys.exit(3)


def exit_0(event, context):
    sys.exit(0)


def quit_at_once(event, context):
    os._exit(5)


def interrupt(event, context):
    raise KeyboardInterrupt


def abort(event, context):
    os.abort()


def segfault(event, context):
    ctypes.string_at(0)


def kill(event, context):
    os.kill(os.getpid(), signal.SIGKILL)


def hang(event, context):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)


def spin(event, context):
    while True:
        pass


def give_set(event, context):
    return {1, 2}


def give_nan(event, context):
    return math.nan


def give_bytes(event, context):
    return b"not json"


def give_surrogate(event, context):
    return "\ud800"


def give_circle(event, context):
    circle = []
    circle.append(circle)
    return circle


def give_depth(event, context):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep


def give_much(event, context):
    return "a" * event["size"]


def leak(event, context):
    while True:
        LEAK.append(bytearray(os.urandom(1 << 10) * 1024))


def hold(event, context):
    LEAK.append(b"a" * (event["mb"] << 20))


def child_leaks(event, context):
    subprocess.run([sys.executable, "-c", "kept = []\nwhile True: kept.append(b'a' * (1 << 20))"], check=False)


def close_descriptors(event, context):
    os.closerange(0, 256)


def close_sockets_and_hang(event, context):
    os.closerange(3, 256)
    time.sleep(60)


def garbage_on_every_descriptor(event, context):
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\xff" * 64)
    time.sleep(60)


def frame_on_every_descriptor(event, context):
    """Looks as if it were an answer, to whoever believes it."""
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\x00\x00\x00\x02\x00\x00\x00\x00{}")
    return "survived"


def change_everything(event, context):
    os.chdir("/")
    os.environ.clear()
    os.environ["CHANGED"] = "yes"
    sys.path.clear()
    return dict(os.environ)


def seen_changes(event, context):
    return [os.getcwd(), dict(os.environ)]


def fork_and_leave(event, context):
    """A child that holds every descriptor, and outlives the invocation."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
        os._exit(0)
    return [os.getpid(), child]


def fork_daemon(event, context):
    """A grandchild in a session of its own, whose parent has gone."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        daemon = os.fork()
        if daemon:
            os.write(write, str(daemon).encode())
            os._exit(0)
        time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    return [os.getpid(), int(os.read(read, 20))]


def fork_and_both_return(event, context):
    return "child" if os.fork() == 0 else (time.sleep(0.2), "parent")[1]


def start_thread(event, context):
    def tick():
        while True:
            TICKS.append(1)
            time.sleep(0.01)

    threading.Thread(target=tick, daemon=True).start()
    return os.getpid()


def log_json(event, context):
    print(json.dumps({"hand": "made"}))
    logging.getLogger("mine").debug("hidden")
    logging.getLogger("mine").warning("seen %s", "twice", extra={"order": 7})


def temporary_file(event, context):
    folder = pathlib.Path(tempfile.gettempdir())
    found = sorted(path.name for path in folder.iterdir())
    (folder / "mine").write_text("kept")
    return {"folder": str(folder), "found": found, "pid": os.getpid()}
