// Live updates: one WebSocket for the page, opened while something is subscribed and the page is seen.

const subscriptions = new Map();
const watchers = new Set();
let socket = null;
let number = 0;
let wait = 250;
let timer = 0;
let state = "idle";

function tell(next) {
  state = next;
  watchers.forEach((watch) => watch(next));
}

/** `watch(state)` now and at each change: idle, live, lost. */
export function onState(watch) {
  watchers.add(watch);
  watch(state);
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function open() {
  if (socket || document.hidden || !subscriptions.size) return;
  clearTimeout(timer);
  socket = new WebSocket(`ws://${location.host}/api/live`);
  socket.addEventListener("open", () => {
    wait = 250;
    tell("live");
    for (const [id, { channel, params, onOpen }] of subscriptions) {
      onOpen?.();
      send({ id, channel, params });
    }
  });
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    const subscription = subscriptions.get(message.id);
    if (message.error) subscription?.onError?.(message.error);
    else subscription?.onData(message.data);
  });
  const mine = socket;
  socket.addEventListener("close", () => {
    if (socket !== mine) return;
    socket = null;
    tell(document.hidden ? "idle" : "lost");
    wait = Math.min(wait * 2, 5000);
    timer = setTimeout(open, wait);
  });
}

/** Until `signal` is aborted. `onOpen` is called before the data of each new connection: forget what was shown. */
export function subscribe(channel, params, onData, signal, { onError, onOpen } = {}) {
  const id = ++number;
  subscriptions.set(id, { channel, params, onData, onError, onOpen });
  if (socket) send({ id, channel, params });
  else open();
  signal.addEventListener("abort", () => {
    subscriptions.delete(id);
    send({ id });
  });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    wait = 250;
    open();
  } else if (socket) {
    const old = socket;
    socket = null;
    old.close();
    tell("idle");
  }
});
addEventListener("pagehide", () => socket?.close());
