"""Why the queue says no. A terminal says it in its user's language: texts `refusal.<code>`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class RefusalCode(StrEnum):
    """An ordinary no; nothing changed."""

    NOT_OPEN = "not_open"
    FIELD_CLOSED = "field_closed"
    INTAKE_ENDED = "intake_ended"
    TOO_MANY_TICKETS = "too_many_tickets"
    ALREADY_OPEN = "already_open"
    ALREADY_CLOSED = "already_closed"
    STILL_OPEN = "still_open"
    UNKNOWN_TICKET = "unknown_ticket"
    UNKNOWN_DESK = "unknown_desk"
    UNKNOWN_COUNSELLOR = "unknown_counsellor"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_KIOSK = "unknown_kiosk"
    DESK_CLOSED = "desk_closed"
    DESK_BUSY = "desk_busy"
    DESK_PAUSED = "desk_paused"
    DESK_IN_USE = "desk_in_use"
    COUNSELLOR_ELSEWHERE = "counsellor_elsewhere"
    DESK_NOT_COVERING = "desk_not_covering"
    BEYOND_PROFILE = "beyond_profile"
    WRONG_STAGE = "wrong_stage"
    NOT_YOUR_TICKET = "not_your_ticket"
    BURST_OVER = "burst_over"
    HELP_OVER = "help_over"
    HELP_STAYS = "help_stays"
    NOTHING_TO_UNDO = "nothing_to_undo"
    UNDO_TOO_LATE = "undo_too_late"
    NO_NUMBERS_LEFT = "no_numbers_left"
    NUMBER_NOT_HELD = "number_not_held"
    NUMBER_USED = "number_used"
    NUMBER_NOT_NEEDED = "number_not_needed"
    UNKNOWN_DEVICE = "unknown_device"
    OTHER_VERSION = "other_version"
    OTHER_SERVER = "other_server"
    PAIRING_CLOSED = "pairing_closed"
    WRONG_CODE = "wrong_code"
    CODE_COPIED = "code_copied"
    DEVICE_THERE = "device_there"
    TERMINAL_GONE = "terminal_gone"
    NOT_WRITTEN = "not_written"
    DAY_OUT_OF_REACH = "day_out_of_reach"
    CLOSED_THAT_DAY = "closed_that_day"
    HOURS_UNSOUND = "hours_unsound"
    ROSTER_FULL = "roster_full"
    LOCKED = "locked"
    WRONG_PIN = "wrong_pin"
    TRY_LATER = "try_later"
    OWN_PIN_NEEDED = "own_pin_needed"
    EASY_PIN = "easy_pin"
    OTHER_ROLE = "other_role"
    NOT_YOURSELF = "not_yourself"
    NOT_ALLOWED = "not_allowed"
    BUSY = "busy"
    DAY_OVER = "day_over"
    MALFORMED = "malformed"


SENTENCES: Mapping[RefusalCode, str] = MappingProxyType(
    {
        RefusalCode.NOT_OPEN: "The day is not open for tickets.",
        RefusalCode.FIELD_CLOSED: "No more tickets are given for this field.",
        RefusalCode.INTAKE_ENDED: "Whoever comes now for this would not be served before closing.",
        RefusalCode.TOO_MANY_TICKETS: "This kiosk has given many tickets in a short time: ask reception.",
        RefusalCode.ALREADY_OPEN: "That is open already.",
        RefusalCode.ALREADY_CLOSED: "That is closed already.",
        RefusalCode.STILL_OPEN: "Tickets are still given: close the day first.",
        RefusalCode.UNKNOWN_TICKET: "There is no such ticket today.",
        RefusalCode.UNKNOWN_DESK: "The centre has no such desk.",
        RefusalCode.UNKNOWN_COUNSELLOR: "The centre has no such counsellor.",
        RefusalCode.UNKNOWN_FIELD: "The centre has no such field.",
        RefusalCode.UNKNOWN_LANGUAGE: "The centre does not offer this language.",
        RefusalCode.UNKNOWN_KIOSK: "The centre has no such kiosk, or it has no printer.",
        RefusalCode.DESK_CLOSED: "Nobody is signed in at this desk.",
        RefusalCode.DESK_BUSY: "The desk has a visitor: finish, park or transfer first.",
        RefusalCode.DESK_PAUSED: "The desk is on a break: resume first.",
        RefusalCode.DESK_IN_USE: "Somebody else is signed in at this desk.",
        RefusalCode.COUNSELLOR_ELSEWHERE: "This counsellor is signed in at another desk.",
        RefusalCode.DESK_NOT_COVERING: "This desk does not serve that field in that language.",
        RefusalCode.BEYOND_PROFILE: "This counsellor has no such field or language in the configuration.",
        RefusalCode.WRONG_STAGE: "The ticket is no longer where that makes sense.",
        RefusalCode.NOT_YOUR_TICKET: "The ticket belongs to another desk.",
        RefusalCode.BURST_OVER: "Nothing of that burst is left to decide.",
        RefusalCode.HELP_OVER: "Nobody asks for help at that kiosk any more.",
        RefusalCode.HELP_STAYS: "This kiosk has asked for help often: somebody comes to look.",
        RefusalCode.NOTHING_TO_UNDO: "There is nothing to undo.",
        RefusalCode.UNDO_TOO_LATE: "The ticket has moved on since; it cannot be undone.",
        RefusalCode.NO_NUMBERS_LEFT: "No provisional numbers are left today.",
        RefusalCode.NUMBER_NOT_HELD: "This kiosk does not hold that number for that field.",
        RefusalCode.NUMBER_USED: "That number is a ticket already.",
        RefusalCode.NUMBER_NOT_NEEDED: "The visitor was given an ordinary ticket, and has it.",
        RefusalCode.UNKNOWN_DEVICE: "This terminal is not known here, or no longer: pair it.",
        RefusalCode.OTHER_VERSION: "Terminal and server are of different versions: install the same on both.",
        RefusalCode.OTHER_SERVER: "Another server answers here: it has no certificate of this centre.",
        RefusalCode.PAIRING_CLOSED: "No new terminal may come now: open pairing first.",
        RefusalCode.WRONG_CODE: "No terminal that waits shows this code.",
        RefusalCode.CODE_COPIED: "Two terminals show this code: one is a stranger's. Pairing is closed.",
        RefusalCode.DEVICE_THERE: "A terminal of this name is connected.",
        RefusalCode.TERMINAL_GONE: "The terminal went away before it was paired: take the code it shows now.",
        RefusalCode.NOT_WRITTEN: "It could not be written down: the server's log says why.",
        RefusalCode.DAY_OUT_OF_REACH: "Only days from today on, a year ahead, can be planned.",
        RefusalCode.CLOSED_THAT_DAY: "The centre is closed on that day: open the day first.",
        RefusalCode.HOURS_UNSOUND: "A shift ends after it begins; breaks lie within it; nothing overlaps.",
        RefusalCode.ROSTER_FULL: "The roster has all the lines it can have: import a shorter one.",
        RefusalCode.LOCKED: "Nobody is signed in at this terminal.",
        RefusalCode.WRONG_PIN: "That is not the PIN of this person.",
        RefusalCode.TRY_LATER: "Too many wrong PINs: wait a little, or have the PIN reset.",
        RefusalCode.OWN_PIN_NEEDED: "This PIN was given by somebody else: choose one of your own.",
        RefusalCode.EASY_PIN: "This PIN is the old one, or easy to guess: choose another.",
        RefusalCode.OTHER_ROLE: "This person does not work at this kind of terminal.",
        RefusalCode.NOT_YOURSELF: "Only who is signed in at this terminal can open its desk.",
        RefusalCode.NOT_ALLOWED: "This terminal may not ask that.",
        RefusalCode.BUSY: "Too much is asked at once: ask again.",
        RefusalCode.DAY_OVER: "That day has ended.",
        RefusalCode.MALFORMED: "This is not a message of the protocol.",
    }
)
"""Each refusal in one English sentence, for the wire and for logs."""
