"""When no more tickets are given for a cell."""

from math import inf

from queue_server.forecast.cutoff import SERVED_SHARE_MIN, intake

NOW, HOUR = 1_790_000_000.0, 3600.0


def test_a_cell_stays_open_while_four_in_five_are_served_by_closing() -> None:
    assert intake(NOW, NOW + HOUR, [HOUR] * 160 + [HOUR + 1] * 40).opens
    assert not intake(NOW, NOW + HOUR, [HOUR] * 159 + [HOUR + 1] * 41).opens
    assert SERVED_SHARE_MIN == 0.8


def test_the_last_ticket_leaves_room_for_nine_waits_and_conversations_in_ten() -> None:
    ends = [1200.0] * 180 + [2400.0] * 20
    assert intake(NOW, NOW + HOUR, ends).last_ticket_at == NOW + HOUR - 2400.0
    ends = [1200.0] * 181 + [2400.0] * 19
    assert intake(NOW, NOW + HOUR, ends).last_ticket_at == NOW + HOUR - 1200.0


def test_where_nobody_is_planned_nothing_opens() -> None:
    never = intake(NOW, NOW + HOUR, [inf] * 200)
    assert not never.opens
    assert never.last_ticket_at == -inf
