"""What befalls the printer."""

from collections.abc import Callable

from simulation.plan import Kind

from printers.simulator.printer import SimulatedPrinter


def printer_fault(printer: SimulatedPrinter, kind: Kind) -> tuple[Callable[[], object], Callable[[], object]]:
    """What begins it, and what mends it."""
    match kind:
        case Kind.PAPER_OUT:
            return lambda: printer.set(paper_dots=0), lambda: printer.set(paper_dots=10**7)
        case Kind.COVER_OPEN:
            return lambda: printer.set(cover_open=True), lambda: printer.set(cover_open=False)
        case Kind.PRINTER_OFF:
            return lambda: printer.black_hole(True), lambda: printer.black_hole(False)
        case _:
            return lambda: printer.hang_up("rst"), lambda: None
