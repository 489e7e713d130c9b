"""The whole stack: the one place where its parts are made and joined."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import psutil

from local.addresses import addresses
from local.api_gateway import AccountLimits, account_throttle
from local.application import Application
from local.aws_endpoint.server import OBJECT_CHANGES, AwsEndpoint
from local.aws_endpoint.services import Parts
from local.bucket_events import BucketEvents
from local.captures.service import CapturingLambdaService
from local.captures.settings import CaptureSettings
from local.captures.store import CaptureStore
from local.companions import Companion
from local.console import Console
from local.console_view import RunningStack
from local.control import Command, ControlServer
from local.data_folder import DataFolder, usable
from local.engines.engine import Engine
from local.engines.selection import engines_for
from local.engines.watch import EngineWatch, RestartLimits
from local.event_source_mappings.kafka_mappings import KafkaMappings
from local.fault_control import FaultControl
from local.function_requirements import install, with_requirements
from local.http_api.server import HttpApiServer
from local.http_api.settings import HttpSettings
from local.kafka_access import KafkaAccess
from local.kafka_secrets import kafka_access
from local.lambda_service.code_watch import CodeWatch
from local.lambda_service.settings import LambdaSettings
from local.metrics_view import metrics_page
from local.options import StackOptions, check_ports
from local.parts import RunningParts, side_by_side
from local.ports import BIND_ERRORS
from local.progress import Progress
from local.provisioning import CustomResourceResponses, ensure_stored_values, provision, resolve_references
from local.schedules import Schedules
from local.setting_values import check_parts, with_values
from local.simulators import MAX_BODY_BYTES, add_simulators
from local.snapshots import Snapshots
from local.start_error import StartError
from local.status import Status, engine_status, process_status
from local.stored_values.documents import Documents
from local.template import load_application
from local.unfinished_uploads import UnfinishedUploads
from local.websocket_api.limits import Limits
from local.websocket_api.server import WebSocketApiServer, connects_throttle

_MAPPINGS_ENABLED_S = 20.0
_PARTS_WITH_SETTINGS = {"account", "captures", "engines", "http", "lambda", "websocket"}


class Stack:
    """Runs one application. `start` once, `stop` once, both in one event loop, which must be that of the main thread."""

    def __init__(self, options: StackOptions) -> None:
        self.options = options
        self.endpoints = options.endpoints
        self.application: Application
        """From `start` on, as are those that follow without a value."""
        self._bucket_events: BucketEvents
        self._captures: CaptureStore
        self._lambda: CapturingLambdaService
        self._mappings: KafkaMappings
        self._documents: Documents
        self._kafka: KafkaAccess
        self._schedules: Schedules
        self._watches: list[EngineWatch] = []
        self._faults: FaultControl
        self.load_wanted = asyncio.Event()
        """Somebody wants the stack to start again on `snapshot`."""
        self.snapshot = ""
        self._data = DataFolder(options.data)
        self._parts = RunningParts()
        self._throttle = account_throttle(with_values("account", AccountLimits(), options.settings))
        self._websocket_limits = with_values("websocket", Limits(), options.settings)
        self._connects = connects_throttle(self._websocket_limits)

    async def start(self, progress: Progress) -> None:
        """Return when every address of the stack answers.

        Raises StartError, TemplateError, ProvisioningError, UnsupportedFunction or InvalidMapping; then, as when it is
        cancelled, nothing is left running.
        """
        try:
            async with progress.part("template"):
                loaded = await asyncio.to_thread(self._load)
                self.application, requirements = with_requirements(loaded)
            check_ports(self.application, self.options)
            check_parts(self.options.settings, _PARTS_WITH_SETTINGS)
            for wanted in requirements:
                async with progress.part(f"requirements of {wanted.file.parent.name}") as tell:
                    await install(wanted, tell)
            await self._start_stored_values(progress)
            await self._start_processes(progress)
            await self._start_services(progress)
            await self._start_mappings(progress)
            await self._parts.run(self._schedules)
            await self._parts.run(CodeWatch(self._lambda, self.application))
            await self._start_companions(progress)
            await self._parts.run(ControlServer(self.options.data, self._commands()))
        except BaseException as error:
            await self.stop()
            if isinstance(error, OSError) and error.errno in BIND_ERRORS:
                # Taken since it was checked. Those of the stack itself are free again.
                check_ports(self.application, self.options)
                raise StartError(f"A port was taken for a moment, start again: {error}.") from error
            raise

    async def stop(self) -> None:
        """End everything, last started first. A part that does not end in time, or fails, keeps no other from ending."""
        await self._parts.stop()

    def status(self) -> Status:
        """JSON of what runs: {started_at, stack, engines, addresses, functions, mappings, ignored}."""
        process = psutil.Process()
        service = self._lambda
        return {
            "started_at": process.create_time(),
            "stack": process_status(process.pid) | {"tasks": len(asyncio.all_tasks())},
            "engines": [engine_status(watch) for watch in self._watches],
            "addresses": self.addresses(),
            "functions": [
                {
                    "name": name,
                    "logical_id": self.application.functions[name].logical_id,
                    "pids": service.pids(name),
                    "environments": service.environments(name),
                    "invocations": self._captures.statistics_of(name).invocations,
                    "errors": self._captures.statistics_of(name).errors,
                }
                for name in self.application.functions
            ],
            "mappings": [asdict(mapping) | {"lag": mapping.lag} for mapping in self._mappings.status()],
            "ignored": [asdict(ignored) for ignored in self.application.ignored],
        }

    def _commands(self) -> dict[str, Command]:
        faults = self._faults
        return {
            "status": self._answer_status,
            "snapshot.save": self._save_snapshot,
            "snapshot.load": self._load_snapshot,
            "fault.add": faults.add,
            "fault.list": faults.listed,
            "fault.met": faults.met,
            "fault.clear": faults.clear,
        }

    async def _answer_status(self, _request: Mapping[str, Any]) -> Status:
        return self.status()

    async def _save_snapshot(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The stack's own files are written by this thread or in transactions: while it copies, nothing changes."""
        outside = [watch.engine.name for watch in self._watches if watch.engine.external]
        unsafe = [watch.engine.name for watch in self._watches if not watch.engine.survives_kill]
        if outside or unsafe:
            what, why = (outside, "run elsewhere") if outside else (unsafe, "keep data in memory until the stack stops")
            raise StartError(f"{' and '.join(what)} {why}: no snapshot of the running stack can be made.")
        pids = [watch.engine.pid for watch in self._watches if watch.engine.pid is not None]
        saved = Snapshots(self._data).save(request["name"], pids, replace=bool(request.get("replace")))
        return asdict(saved)

    async def _load_snapshot(self, request: Mapping[str, Any]) -> None:
        Snapshots(self._data).existing(request["name"])
        self.snapshot = request["name"]
        self.load_wanted.set()

    def addresses(self) -> dict[str, str]:
        """Address by what answers there."""
        found = addresses(self.application, self.endpoints, self.options.simulators)
        return found | {one.name: f"{self.endpoints.host}:{one.port}" for one in self.options.companions}

    def _load(self) -> Application:
        options = self.options
        return load_application(
            options.template, parameters=options.parameters, endpoints=self.endpoints, without=options.without
        )

    async def _start_stored_values(self, progress: Progress) -> None:
        """Parameters and secrets come first: the variables of functions may refer to them."""
        with usable(self.options.data):
            self._documents = Documents(self._data.stored_values)
        self._parts.on_stop("stored values", self._documents.close)
        for note in ensure_stored_values(self.application, self.endpoints, self._documents):
            progress.line("resources", note)
        self.application = resolve_references(self.application, self.endpoints, self._documents)
        self._kafka = kafka_access(self.application, self.endpoints, self._documents)

    async def _start_processes(self, progress: Progress) -> None:
        settings = with_values("lambda", LambdaSettings(), self.options.settings)
        kept = with_values("captures", CaptureSettings(), self.options.settings)
        self._captures = CaptureStore(self._data.captures, kept)
        self._lambda = CapturingLambdaService(
            self.application,
            self.endpoints,
            self._data.function_logs,
            settings,
            captures=self._captures,
            events=self._data.events,
        )
        await self._parts.run(self._captures)
        self._make_bucket_events(progress)
        users = list(self._kafka.users.values())
        told = self._bucket_events.listener(OBJECT_CHANGES)
        engines = engines_for(self.application, self.endpoints, self._data, self.options.dynamodb_engine, users, told)
        limits = with_values("engines", RestartLimits(), self.options.settings)
        watch_for = partial(EngineWatch, limits=limits, restarted=self._bucket_events.look_again)
        self._watches = [watch_for(engine, partial(progress.line, engine.name)) for engine in engines]

        async def start_engine(watch: EngineWatch) -> None:
            engine: Engine = watch.engine
            self._parts.on_stop(engine.name, engine.stop)
            async with progress.part(engine.name) as tell:
                await engine.start(tell)
            await self._parts.run(watch)

        async def start_functions() -> None:
            async with progress.part("functions"):
                await self._parts.run(self._lambda)
                for name, error in self._lambda.import_errors.items():
                    progress.line("functions", f"{name} cannot be imported: {error} (its invocations will fail)")

        await side_by_side(start_functions(), *map(start_engine, self._watches))
        self._faults = FaultControl(self.application, self.endpoints, engines, self._lambda, self._data.faults)
        await self._parts.run(self._faults)

    async def _start_services(self, progress: Progress) -> None:
        """The AWS endpoint first: functions of custom resources answer there; gateways once there is what they need."""
        self._make_event_sources()
        websocket_apis = self._make_websocket_apis()
        responses = CustomResourceResponses()
        connections = {
            api.api_id: server.connections
            for api, server in zip(self.application.websocket_apis, websocket_apis, strict=True)
        }
        await self._parts.run(
            AwsEndpoint(
                Parts(
                    self.application,
                    self.endpoints,
                    self._lambda,
                    self._mappings,
                    self._data.function_logs,
                    self._documents,
                    connections,
                    responses.deliver,
                    self._throttle,
                    self._faults.of_engine,
                    self._bucket_events.told,
                    [watch for watch in self._watches if watch.engine.name.partition("-")[0] == "kafka"],
                )
            )
        )
        async with progress.part("resources"):
            make, state = self._lambda.by("custom resource").invoke, self._data.provisioned
            notes = await provision(self.application, self.endpoints, make, responses=responses, state=state)
            for note in notes:
                progress.line("resources", note)
        await self._bucket_events.start()
        await self._parts.run(UnfinishedUploads(self.application.buckets, self.endpoints))
        http_apis = await self._start_http_apis()
        for server in websocket_apis:
            await self._parts.run(server)
        if self.options.simulators:
            await self._parts.run(self._make_console(websocket_apis, http_apis))

    async def _start_http_apis(self) -> list[HttpApiServer]:
        servers: list[HttpApiServer] = []
        http_settings = with_values("http", HttpSettings(), self.options.settings)
        for index, api in enumerate(self.application.http_apis):
            port = self.endpoints.http_port + index
            invoke, host = self._lambda.by("http"), self.endpoints.host
            server = HttpApiServer(
                api,
                invoke,
                self.endpoints,
                host,
                port,
                http_settings,
                throttle=self._throttle,
                fault=self._faults.of_route,
            )
            await self._parts.run(server)
            servers.append(server)
        return servers

    def _make_websocket_apis(self) -> list[WebSocketApiServer]:
        endpoints = self.endpoints
        return [
            WebSocketApiServer(
                api,
                self._lambda.by("websocket"),
                endpoints,
                endpoints.host,
                endpoints.websocket_port + index,
                self._websocket_limits,
                throttle=self._throttle,
                fault=self._faults.of_route,
                connects=self._connects,
            )
            for index, api in enumerate(self.application.websocket_apis)
        ]

    def _make_console(
        self, websocket_apis: Sequence[WebSocketApiServer], http_apis: Sequence[HttpApiServer]
    ) -> Console:
        connections = {
            api.logical_id: server.connections
            for api, server in zip(self.application.websocket_apis, websocket_apis, strict=True)
        }
        view = RunningStack(
            self.application,
            self.endpoints,
            self._data.function_logs,
            self.status,
            self._lambda,
            self._schedules,
            connections,
            self._kafka.security() if self.application.kafka_mappings else {},
        )
        companions = {one.name: self._data.logs / f"{one.name}.log" for one in self.options.companions}
        return Console(
            view,
            self._captures,
            self.endpoints.host,
            self.endpoints.console_port,
            mounts=[
                partial(add_simulators, data_dir=self._data.simulators),
                metrics_page(view, self._captures, http_apis, companions).add_to,
            ],
            body_bytes=MAX_BODY_BYTES,
        )

    def _make_bucket_events(self, progress: Progress) -> None:
        notifications = self.application.bucket_notifications
        if self.endpoints.external_s3_url:
            for one in notifications:
                progress.line("s3", f"{one.function} is not told of {one.event}: the engine is not the stack's own")
            notifications = ()
        invoke = self._lambda.by("s3").invoke_event
        self._bucket_events = BucketEvents(notifications, self.endpoints, self._data.bucket_events, invoke)
        self._parts.on_stop("bucket events", self._bucket_events.stop)

    def _make_event_sources(self) -> None:
        """They are seen in the status before they start."""
        self._schedules = Schedules(self.application.schedules, self._lambda.by("schedule").invoke_event)
        functions = self.application.functions.values()
        self._mappings = KafkaMappings(
            self.application.kafka_mappings,
            self.endpoints.kafka_bootstrap_servers,
            self._lambda.by("kafka").invoke,
            function_arns={function.name: function.arn for function in functions},
            security=lambda mapping: self._kafka.security(mapping.scram_secret),
        )

    async def _start_mappings(self, progress: Progress) -> None:
        if not self.application.kafka_mappings:
            return
        async with progress.part("mappings"):
            await self._parts.run(self._mappings)
            try:
                async with asyncio.timeout(_MAPPINGS_ENABLED_S):
                    await self._mappings.until_enabled()
            except TimeoutError:
                for mapping in self._mappings.status():
                    if mapping.state == "Creating":
                        reason = mapping.state_reason or "its topic is not there"
                        progress.line("mappings", f"{mapping.logical_id} still waits: {reason}")

    async def _start_companions(self, progress: Progress) -> None:
        limits = with_values("engines", RestartLimits(), self.options.settings)
        for option in self.options.companions:
            companion = Companion(option, self.application, self.endpoints, self._data)
            watch = EngineWatch(companion, partial(progress.line, companion.name), limits=limits)
            self._parts.on_stop(companion.name, companion.stop)
            async with progress.part(companion.name) as tell:
                await companion.start(tell)
            await self._parts.run(watch)
            self._watches.append(watch)
