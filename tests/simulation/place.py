"""The simulated centre: at most three kiosks, the first with a printer, four desks and two boards."""

from msgspec.structs import replace
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, small_centre

from config.model import Centre, Kiosk, Printer, Rules
from walkin.stand import hurried

ADDRESS = ("127.0.0.1", 8765)
URL = f"ws://{ADDRESS[0]}:{ADDRESS[1]}"
PRINTER = ("10.0.0.2", 9100)
DOTS_PER_S = 1200.0
COUNSELLORS = (ALL_ROUND, TRAINER, WORKER, DUTCH)
"""At the desks, in order."""
TICKETS_MAX = 12
"""Of one kiosk within two minutes, if nobody has met their visitors: over half of it is a burst."""


def centre() -> Centre:
    """The centre, whose staff terminals are locked after a minute."""
    printer = Printer(name="printer-1", host=PRINTER[0], port=PRINTER[1], width_dots=384)
    kiosks = tuple(
        Kiosk(name=f"kiosk-{number}", printer="printer-1" if number == 1 else None) for number in range(1, 4)
    )
    desks = tuple(str(number) for number in range(1, 5))
    small = hurried(small_centre(Rules(lock_after_min=1), desks))
    rules = replace(small.rules, tickets_per_kiosk_max=TICKETS_MAX)
    return replace(small, printers=(printer,), kiosks=kiosks, rules=rules)
