"""People who come together have one ticket, and everybody who serves them knows how many they are."""

import msgspec
import pytest
from support.queue import KIOSK, RECEPTION, Hall, snapshot

from protocol import commands as c
from protocol.codec import MalformedFrameError, decode_from_terminal, encode
from protocol.envelope import Request
from protocol.refusals import RefusalCode
from queue_server.core.views import counsellor_view, reception_view


def wish(people: int) -> c.IssueTicket:
    return c.IssueTicket(field="training", languages=("fr",), screen_language="fr", people=people)


def test_a_group_is_one_ticket_one_place_and_its_size_is_seen_at_reception_and_at_the_desk() -> None:
    hall = Hall()
    hall.sit("1")
    hall.ask(wish(3), RECEPTION)
    desk = counsellor_view(hall.queue, hall.centre, hall.now, "1", staff="staff-ar")
    reception = reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host")
    assert [ticket.people for ticket in desk.waiting] == [3]
    assert [ticket.people for ticket in reception.waiting] == [3]
    assert reception.figures.waiting == 1
    assert snapshot(hall.replayed()) == snapshot(hall.queue)


def test_a_kiosk_gives_one_ticket_to_each_visitor() -> None:
    hall = Hall()
    assert hall.refusal(wish(2), KIOSK) is RefusalCode.NOT_ALLOWED
    hall.ask(wish(1), KIOSK)


@pytest.mark.parametrize("people", [0, c.PEOPLE_MAX + 1])
def test_nobody_and_more_than_sit_around_a_desk_are_no_group(people: int) -> None:
    asked = encode(Request("0" * 16, wish(c.PEOPLE_MAX)))
    assert decode_from_terminal(asked) == Request("0" * 16, wish(c.PEOPLE_MAX))
    said = msgspec.json.decode(asked)
    said["command"]["people"] = people
    with pytest.raises(MalformedFrameError):
        decode_from_terminal(msgspec.json.encode(said))
