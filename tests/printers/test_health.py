"""What is known of a printer, from the answers it gives and when they were asked for."""

import pytest

from printers.health import Health
from printers.outcome import PrinterHealth
from printers.replies import Status

FINE = 0x12
RESTART_S = 3.0


class Wall:
    """A clock that is set by hand."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("heard_at_s", "off"), [(102.9, False), (103.1, True)])
def test_a_silence_begins_with_the_last_question_answered_and_ends_with_the_next_answer(
    heard_at_s: float, off: bool
) -> None:
    wall = Wall()
    health = Health(
        PrinterHealth("printer-1"),
        wall,
        unheard_s=0.0,
        silent_s=2.5,
        restart_s=RESTART_S,
        on_change=lambda _: None,
    )
    wall.now_s = 101.5
    health.saw(Status(FINE, FINE, FINE, FINE, asked_at=100.0))
    assert health.unheard_s == 1.5
    wall.now_s = heard_at_s
    health.saw(Status(FINE, FINE, FINE, FINE, asked_at=heard_at_s - 0.1))
    assert health.may_have_been_off is off
