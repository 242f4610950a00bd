"""What every terminal would be shown of a queue."""

from collections.abc import Sequence

from support.queue import Hall

from protocol.codec import encode
from protocol.envelope import VIEW_BYTES_MAX, Shown
from protocol.views import AnyView
from queue_server.core.views import board_view, counsellor_view, kiosk_view, reception_view


def views_of(hall: Hall, desks: Sequence[str]) -> list[AnyView]:
    """One of each kind, and every desk's."""
    queue, centre, now = hall.queue, hall.centre, hall.now
    return [
        kiosk_view(queue, centre, now, "kiosk-1", None),
        board_view(queue, centre, now),
        reception_view(queue, centre, now, (), (), staff="host"),
        *(counsellor_view(queue, centre, now, desk, staff="somebody") for desk in desks),
    ]


def assert_can_be_shown(hall: Hall, desks: Sequence[str]) -> None:
    """Every view fits its frame, and no list names a ticket twice."""
    for view in views_of(hall, desks):
        assert len(encode(Shown(view))) < VIEW_BYTES_MAX
        for rows in ("waiting", "parked", "missed", "at_desks", "aside", "ended", "doubtful"):
            listed = [row.ticket for row in getattr(view, rows, ())]
            assert len(listed) == len(set(listed)), f"{rows} names a ticket twice"
