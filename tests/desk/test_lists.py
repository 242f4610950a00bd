"""Which tickets reception finds by a number, and in which orders it can look at them."""

import pytest
from support import views

from desk.numbers import number_typed
from desk.reception.lists import Order, after, found


def test_the_ways_to_sort_go_round() -> None:
    way, gone = after(Order.ARRIVAL), [Order.ARRIVAL]
    while way is not Order.ARRIVAL:
        gone.append(way)
        way = after(way)
    assert gone == list(Order)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("k42", "K042"),
        ("K 042", "K042"),
        ("x1234", "X1234"),
        ("42", None),
        ("k", None),
        ("kk1", None),
        ("", None),
    ],
)
def test_a_number_written_in_full_names_a_ticket(typed: str, code: str | None) -> None:
    assert number_typed(typed) == code


def test_a_ticket_named_in_two_lists_is_found_once() -> None:
    view = views.reception_view(doubtful=(views.waiting_tickets()[0],), doubtful_total=1)
    assert [ticket.ticket for ticket in found(view, "S047")] == ["S047"]


def test_a_number_is_found_as_people_write_it() -> None:
    view = views.reception_view()
    assert [ticket.ticket for ticket in found(view, "z9")] == ["Z009"]
    assert [ticket.ticket for ticket in found(view, "k 113")] == ["K113"]
    assert found(view, "999") == ()
