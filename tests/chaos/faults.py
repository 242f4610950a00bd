"""How each kind of fault is played on a simulated printer, and how it is mended."""

import asyncio
from time import monotonic
from weakref import WeakKeyDictionary

from chaos.plan import OFF_S, Fault, Kind

from printers.simulator.printer import SimulatedPrinter

BREAK_BYTES_MAX = 320
"""A whole visit of the driver with one small slip."""
REPLIES_MAX = 4
PAPER_LEFT_DOTS_MAX = 500
CHATTER_S = (0.002, 0.02)
IDLE_S = (0.02, 0.1)
SLOW_DOTS_PER_S = (800, 4000)
_off_since: WeakKeyDictionary[SimulatedPrinter, float] = WeakKeyDictionary()
"""When its power went: no printer is back sooner than it restarts, also if the fault came late."""


async def strike(printer: SimulatedPrinter, fault: Fault) -> None:
    """The fault begins."""
    match fault.kind:
        case Kind.BREAK:
            printer.break_after(1 + int(fault.size * BREAK_BYTES_MAX), fault.how)
        case Kind.HANG_UP:
            printer.hang_up(fault.how)
        case Kind.BREAK_FOR_REPLY:
            printer.break_instead_of_reply(fault.how)
        case Kind.REPLIES_LOST:
            printer.lose_replies(1 + int(fault.size * REPLIES_MAX))
        case Kind.POWER | Kind.COUNTER:
            _off_since[printer] = monotonic()
            await printer.power_off()
        case Kind.PAPER:
            printer.paper_out(int(fault.size * PAPER_LEFT_DOTS_MAX))
        case Kind.NEAR_END:
            printer.paper_near_end()
        case Kind.PULLED:
            printer._on_slip = lambda _: printer.set(cover_open=True)
        case Kind.CHATTER:
            printer.chatter(_between(CHATTER_S, fault.size))
        case Kind.IDLE_CLOSE:
            printer.idle_close(_between(IDLE_S, fault.size), fault.how)
        case Kind.SLOW:
            printer.slow(_between(SLOW_DOTS_PER_S, fault.size))
        case Kind.SECOND:
            printer.second_connection("refused")
        case _:
            await _switch(printer, fault.kind, on=True)


async def mend(printer: SimulatedPrinter, kind: Kind) -> None:
    """The fault ends, if it is still there."""
    match kind:
        case Kind.BREAK:
            printer.faults.break_at = None
        case Kind.BREAK_FOR_REPLY:
            printer.faults.break_for_reply = None
        case Kind.REPLIES_LOST:
            printer.lose_replies(0)
        case Kind.POWER | Kind.COUNTER if not printer.faults.powered:
            await asyncio.sleep(_off_since[printer] + OFF_S[0] - monotonic())
            await printer.power_on(counter_lost=kind is Kind.COUNTER)
        case Kind.PAPER | Kind.NEAR_END:
            printer.paper_back()
        case Kind.PULLED:
            printer._on_slip = lambda _: None
            printer.set(cover_open=False)
        case Kind.CHATTER:
            printer.chatter(None)
        case Kind.IDLE_CLOSE:
            printer.idle_close(None)
        case Kind.SLOW:
            printer.slow(None)
        case Kind.SECOND:
            printer.second_connection("waits")
        case Kind.HANG_UP | Kind.POWER | Kind.COUNTER:
            pass
        case _:
            await _switch(printer, kind, on=False)


async def _switch(printer: SimulatedPrinter, kind: Kind, *, on: bool) -> None:
    match kind:
        case Kind.COVER:
            printer.set(cover_open=on)
        case Kind.CUTTER:
            printer.set(cutter_jammed=on)
        case Kind.MUTE:
            printer.set(mute=on)
        case Kind.DEAF:
            printer.set(deaf=on)
        case Kind.BLACK_HOLE:
            printer.black_hole(on)
        case Kind.FROZEN:
            printer.freeze(on)
        case Kind.REFUSE:
            await printer.refuse(on)
        case Kind.BUSY:
            printer.busy(on)
        case _:
            raise AssertionError(kind)


def _between(limits: tuple[float, float], size: float) -> float:
    least, most = limits
    return least + size * (most - least)
