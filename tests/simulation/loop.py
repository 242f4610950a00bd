"""An event loop with a time of its own: sleeping costs nothing, and one seed is one execution.

What runs in it belongs to a `Process`: kill that, and not one more step of it is executed, as with SIGKILL.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from random import Random
from typing import Any

from simulation.door import Caller
from simulation.network import Listener, Network, Transport

from queue_server.doorway import Doorway

THREAD_S = (0.0001, 0.003)
"""What work in another thread takes, and its news on the way back as long again."""
STEPS_MAX = 1_000_000
"""More steps in one seed, which takes some ten thousand, is something that turns without end."""


class DeadlockError(Exception):
    """Nothing is scheduled any more, and what was waited for has not come."""


class Process:
    """Everything started inside it, until it is killed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.frozen = False
        self.held: list[Callable[[], object]] = []
        """What it would have done while it is frozen."""
        self.tasks: list[asyncio.Task[Any]] = []
        """Held here: asyncio itself holds tasks weakly."""
        self.killed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __repr__(self) -> str:
        return f"Process({self.name!r})"


HERE: ContextVar[Process | None] = ContextVar("process", default=None)
"""In which process a step is executed; none: outside, where the world is arranged."""


class NumberedTask(asyncio.Task[Any]):
    """A task that stands in a set by its number, not by its place in memory: sets are walked in one order."""

    def __init__(self, main: Any, number: int, **how: Any) -> None:
        self.number = number
        super().__init__(main, **how)

    def __hash__(self) -> int:
        return self.number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Clockwork:
    """Stands for the selector: waiting for the network is moving the clock."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise DeadlockError
        self._loop.now_s += max(0.0, timeout)
        return []

    def close(self) -> None:
        """Nothing to close."""


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop whose only source of chance is its dice."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.now_s = 0.0
        self.dice = Random(seed)
        self.network = Network(self, self.dice)
        self.steps = 0
        self._processes: dict[Process, None] = {}
        self._undone: list[Callable[[], object]] = []
        """What the dead would have done next."""
        self._serial = 0
        self.set_task_factory(self._task)
        self._selector = _Clockwork(self)
        self._clock_resolution = 1e-9

    # -- time

    def time(self) -> float:
        """Seconds since the world began."""
        return self.now_s

    @property
    def endless(self) -> bool:
        """Something turned without end: the world was stopped."""
        return self.steps > STEPS_MAX

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """As asyncio's, unless the process is dead by then."""
        context = context or copy_context()
        return super().call_soon(self._if_alive(callback, context), *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As asyncio's, unless the process is dead by then."""
        context = context or copy_context()
        return super().call_at(when, self._if_alive(callback, context), *args, context=context)

    def _if_alive(self, callback: Callable[..., object], context: Context) -> Callable[..., object]:
        process = context.get(HERE)

        def step(*args: Any) -> None:
            self.steps += 1
            if self.endless:
                self.stop()
            if process is not None and process.alive and process.frozen:
                process.held.append(lambda: super(VirtualLoop, self).call_soon(step, *args, context=context))
            elif process is None or process.alive:
                callback(*args)
            else:
                self._undone.append(
                    lambda: super(VirtualLoop, self).call_soon(callback, *args, context=context)
                )

        return step

    def _task(self, _: asyncio.AbstractEventLoop, main: Any, **how: Any) -> "asyncio.Task[Any]":
        self._serial += 1
        return NumberedTask(main, self._serial, loop=self, **how)

    # -- processes

    def start(self, process: Process, main: Coroutine[Any, Any, Any], name: str) -> "asyncio.Task[Any]":
        """Begins a process with this coroutine."""
        self._processes[process] = None
        context = copy_context()
        context.run(HERE.set, process)
        process.tasks.append(self.create_task(main, name=name, context=context))
        return process.tasks[-1]

    def kill(self, process: Process) -> None:
        """SIGKILL: nothing more of it is executed, its connections are reset; the dead do not notice."""
        if not process.alive:
            return
        process.alive = False
        process.killed.set_result(None)
        self.network.died(process)

    def freeze(self, process: Process) -> None:
        """SIGSTOP: its machine takes what is sent to it, and nothing of it is executed."""
        process.frozen = True

    def thaw(self, process: Process) -> None:
        """SIGCONT: it goes on where it stood, at a later time than it knows of; the dead do not."""
        if not process.alive:
            return
        process.frozen = False
        held, process.held = process.held, []
        for go_on in held:
            go_on()
        self.network.thawed(process)

    def end(self) -> None:
        """Lets everything, killed or not, clean up behind itself, and closes."""
        self.steps = 0
        self.set_exception_handler(lambda *_: None)  # the dead stumble; it counts no more
        self.run_until_complete(self._raise_all())
        while tasks := asyncio.all_tasks(self):
            for task in tasks:
                task.cancel()
            self.run_until_complete(asyncio.wait(tasks))
        self.run_until_complete(self.shutdown_asyncgens())
        self.run_until_complete(asyncio.sleep(1))  # connections that were closed are told so
        self.close()

    async def _raise_all(self) -> None:
        """Whoever was killed or frozen goes on, to end as programs do."""
        for process in self._processes:
            process.alive = True
            self.thaw(process)
        self.network.end()
        for go_on in self._undone:
            go_on()

    # -- threads

    def run_in_executor(
        self, _executor: object, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """Does the work in one piece, somewhat later; whoever waits hears of it later still."""
        told: asyncio.Future[Any] = self.create_future()

        def work() -> None:
            if told.cancelled():
                return
            try:
                result = func(*args)
            except BaseException as error:  # noqa: BLE001 - whoever asked gets it
                self.call_later(self.dice.uniform(*THREAD_S), tell, None, error)
            else:
                self.call_later(self.dice.uniform(*THREAD_S), tell, result, None)

        def tell(result: Any, error: BaseException | None) -> None:
            if told.cancelled():
                return
            if error is not None:
                told.set_exception(error)
            else:
                told.set_result(result)

        self.call_later(self.dice.uniform(*THREAD_S), work)
        return told

    # -- network

    async def create_connection(
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int | None = None,
        sock: Caller | None = None,
        **_: Any,
    ) -> tuple[Transport, asyncio.BaseProtocol]:
        """Connects over the simulated network, or takes over a connection that was let in."""
        if sock is not None:
            return sock.hand_over(protocol_factory)
        assert host is not None
        assert port is not None
        return await self.network.connect(protocol_factory, (host, port), HERE.get())

    async def create_server(
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int | None = None,
        sock: Doorway | None = None,
        **_: Any,
    ) -> Listener:
        """Listens on the simulated network, in the place of this socket."""
        if sock is not None:
            host, port = sock.address
            sock.close()
        assert host is not None
        return self.listen(protocol_factory, (host, port or 0))

    def listen(self, factory: Callable[[], asyncio.BaseProtocol], address: tuple[str, int]) -> Listener:
        """As `create_server`, at once."""
        return self.network.listen(factory, address, HERE.get())

    # -- what a loop has to have

    def _process_events(self, event_list: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps."""
