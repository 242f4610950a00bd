"""Every fault that printing was made for, the right result, and the test that shows it.

The tests drive the real spooler over real links against the simulated printer and believe the paper alone.
"""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LINK = "test_faults_of_the_link"
ANSWERS = "test_faults_of_answers"
PAPER = "test_faults_of_paper"
SPOOLER = "test_faults_of_the_spooler"
SERIAL = "test_faults_of_serial_lines"

ROWS: dict[str, tuple[str, ...]] = {
    "refused, no such name, no route, black hole: certainly not printed, told at once, never lost": (
        f"{LINK}.test_a_printer_that_cannot_be_reached_holds_the_slip_and_says_so",
        f"{LINK}.test_an_address_mistyped_in_the_configuration_stops_nobody_else",
        f"{LINK}.test_a_black_hole_is_known_in_time_and_loses_nothing",
        f"{LINK}.test_a_slip_in_the_middle_of_a_black_hole_is_found_out_afterwards",
        f"{SPOOLER}.test_an_unreachable_printer_hands_its_slips_to_the_spare",
    ),
    "off at the start, on later: waits, printed once": (
        f"{LINK}.test_a_printer_switched_on_later_prints_what_waits",
    ),
    "paper out, cover open before: nothing sent, staff told, another printer stands in": (
        f"{PAPER}.test_nothing_is_sent_to_a_printer_that_stands_still_and_staff_know",
        f"{SPOOLER}.test_a_slip_certainly_not_printed_goes_to_the_spare",
    ),
    "paper out, cover open in the middle, mended in time: waited for, not sent again": (
        f"{PAPER}.test_a_fault_in_the_middle_that_is_mended_in_time_prints_once_without_sending_again",
    ),
    "the same, not mended: taken back, the torn piece void, another printer stands in": (
        f"{PAPER}.test_a_fault_in_the_middle_that_lasts_takes_the_slip_back_and_marks_the_torn_piece",
        f"{PAPER}.test_a_slip_that_cannot_be_taken_back_is_waited_for",
        f"{ANSWERS}.test_a_slip_taken_back_from_a_printer_that_only_answers_in_order_is_not_called_printed",
        f"{PAPER}.test_a_cover_opened_while_a_torn_piece_is_pushed_out_leaves_no_slip_marked_void",
        f"{SPOOLER}.test_a_slip_taken_back_from_the_middle_goes_to_the_spare_and_its_piece_is_marked",
    ),
    "roll near its end: printed, and a warning": (f"{PAPER}.test_the_end_of_the_roll_near_prints_and_warns",),
    "cutter jammed: held, staff told, printed once when it is cleared": (
        f"{PAPER}.test_nothing_is_sent_to_a_printer_that_stands_still_and_staff_know",
        f"{PAPER}.test_a_fault_in_the_middle_that_is_mended_in_time_prints_once_without_sending_again",
    ),
    "slow: waited for while it is well": (
        f"{PAPER}.test_a_slow_printer_is_waited_for_and_gets_nothing_twice",
    ),
    "link broken in a slip: unknown, then found out by counting, the torn piece void": (
        f"{LINK}.test_a_link_broken_at_any_byte_prints_once",
        f"{LINK}.test_a_slip_given_up_in_the_middle_leaves_no_piece_for_the_next_one_to_land_on",
    ),
    "printed, and the link died before the answer: found out by counting, not repeated": (
        f"{LINK}.test_a_slip_printed_just_before_the_link_died_is_not_printed_again",
        f"{ANSWERS}.test_an_answer_lost_on_the_way_is_found_by_counting",
    ),
    "no cutter: an end that is unknown is left to a person": (
        f"{LINK}.test_a_printer_whose_slips_are_torn_off_by_hand_has_no_cuts_to_count",
    ),
    "power lost in a slip: counted only where the counter can be trusted, else a marked copy offered": (
        f"{PAPER}.test_power_lost_in_the_middle_for_good_leaves_the_slip_to_a_person",
        f"{PAPER}.test_power_lost_after_the_cut_is_found_by_counting",
        f"{PAPER}.test_a_counter_lost_with_the_power_proves_nothing",
    ),
    "reset between the cut and the last answer: found out by counting": (
        f"{LINK}.test_a_reset_between_the_cut_and_the_last_id_is_found_by_counting",
        f"{PAPER}.test_a_cover_opened_as_the_slip_falls_repeats_nothing",
    ),
    "firmware hung: offered to a person after a while, other printers go on": (
        f"{LINK}.test_firmware_that_reads_nothing_more_is_offered_to_a_person_and_delays_no_other_printer",
    ),
    "another host, or our own old socket, holds the printer: silent, waited for, another stands in": (
        f"{LINK}.test_a_printer_another_computer_holds_is_left_in_peace_and_printed_on_afterwards",
        f"{LINK}.test_our_own_socket_left_open_by_a_crash_delays_but_repeats_nothing",
        f"{SPOOLER}.test_a_slip_certainly_not_printed_goes_to_the_spare",
    ),
    "the printer hangs up when idle: a link of its own for each slip": (
        f"{LINK}.test_a_printer_that_hangs_up_when_idle_gets_a_fresh_link_for_each_slip",
    ),
    "a printer that says nothing: printed, never believed, a person asked": (
        f"{PAPER}.test_a_printer_that_says_nothing_is_printed_on_once_and_a_person_asked",
        f"{PAPER}.test_a_silent_printer_whose_link_breaks_in_a_slip_holds_up_nobody",
    ),
    "chatter, answers in pieces, old answers: told apart, no id used twice": (
        f"{ANSWERS}.test_status_nobody_asked_for_is_not_taken_for_an_answer",
        f"{ANSWERS}.test_an_answer_that_comes_late_is_not_taken_for_the_word_that_a_slip_is_printed",
        f"{ANSWERS}.test_an_answer_owed_from_a_broken_conversation_confirms_no_slip_of_the_next",
        f"{ANSWERS}.test_answers_that_arrive_in_pieces_are_put_together",
        f"{ANSWERS}.test_no_process_id_is_ever_used_twice_so_that_no_old_answer_confirms_a_new_slip",
    ),
    "spooler killed at any instant: unknown afterwards, found out": (
        f"{SPOOLER}.test_a_spooler_killed_at_any_byte_prints_each_slip_once_when_it_is_started_again",
        f"{SPOOLER}.test_a_spooler_stopped_in_the_middle_finds_out_at_the_next_start",
    ),
    "disk full or list locked before sending: not printed": (
        f"{SPOOLER}.test_nothing_is_printed_when_the_disk_is_full_just_before_sending",
        f"{SPOOLER}.test_nothing_is_printed_while_the_list_of_slips_is_locked_by_another_program",
    ),
    "a command cut short inside a picture: the printer listens again, no slip spoiled": (
        f"{PAPER}.test_a_command_cut_short_inside_a_picture_spoils_neither_this_slip_nor_the_next",
    ),
    "a button pressed twice: one slip": (
        f"{SPOOLER}.test_a_button_pressed_twice_gives_one_slip_while_it_prints_and_afterwards",
    ),
    "a slip asked for again: the same number, marked as a copy": (
        f"{SPOOLER}.test_a_slip_asked_for_again_has_the_same_number_and_says_that_it_is_a_copy",
    ),
    "both printers dead: slips wait, those served meanwhile are dropped, no day has too many": (
        f"{SPOOLER}.test_with_both_printers_dead_slips_wait_and_come_out_of_the_first_that_is_well",
        f"{SPOOLER}.test_a_ticket_served_while_no_printer_works_gets_no_paper_later",
        f"{SPOOLER}.test_more_slips_than_a_day_has_visitors_are_refused_and_none_of_them_is_lost",
    ),
    "serial: cable out, held for ever, wrong speed, adapter pulled out: silent or unknown, opened again": (
        f"{SERIAL}.test_a_slip_goes_over_a_serial_line",
        f"{SERIAL}.test_a_cable_out_holds_the_slip_until_it_is_back",
        f"{SERIAL}.test_a_cable_pulled_while_a_slip_prints_repeats_nothing",
        f"{SERIAL}.test_an_adapter_pulled_out_in_a_slip_or_a_look_is_opened_again_by_its_lasting_name",
        f"{SERIAL}.test_staff_see_a_printer_that_stops_reading_in_the_middle_of_a_slip_before_it_is_given_up",
        f"{SERIAL}.test_a_printer_that_holds_the_line_for_ever_is_given_up_and_printed_on_once_afterwards",
        f"{SERIAL}.test_a_slip_whose_word_the_line_lost_comes_out_of_no_spare_as_well",
        f"{SERIAL}.test_rubbish_at_a_wrong_speed_sends_no_slip_and_leaves_no_slip_soiled",
        f"{SERIAL}.test_a_new_printer_at_a_wrong_speed_is_never_believed",
    ),
    "hostile text, names and numbers too long: letters on paper, nothing clipped": (
        f"{PAPER}.test_hostile_text_reaches_the_paper_as_letters_and_nothing_is_clipped",
    ),
    "two slips at once: one after the other": (
        f"{SPOOLER}.test_slips_given_at_once_come_out_one_after_the_other",
    ),
    "an end that is unknown never goes to another printer": (
        f"{SPOOLER}.test_a_slip_whose_end_is_unknown_never_goes_to_the_spare",
    ),
}


def shown() -> set[str]:
    """Every test of a fault there is."""
    return {
        f"{path.stem}.{node.name}"
        for path in HERE.glob("test_faults_of_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("row", ROWS)
def test_every_fault_of_the_table_is_shown(row: str) -> None:
    assert ROWS[row]
    assert set(ROWS[row]) <= shown()


def test_every_test_of_a_fault_stands_in_the_table() -> None:
    assert shown() == {test for tests in ROWS.values() for test in tests}
