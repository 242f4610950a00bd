"""What a hall hears of a call."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.load import load
from config.phrases import LOCALES, Phrases
from protocol.views import BoardCall
from voice.sentences import TEXT_MAX, Brevity, languages_of, of_call, of_text

CENTRE = load(Path("config/brussels.toml"))
PHRASES = Phrases.load()
OFFICIAL = ("nl", "fr")
"""A day on which Dutch comes first."""


def call(*languages: str, ticket: str = "K042", desk: str = "7") -> BoardCall:
    return BoardCall(
        call=1,
        ticket=ticket,
        field="education",
        desk=desk,
        at=datetime(2026, 9, 15, tzinfo=UTC),
        recall=False,
        languages=languages,
    )


def texts(*languages: str, desk: str = "7") -> list[str]:
    return [clip.text for clip in of_call(call(*languages, desk=desk), OFFICIAL, CENTRE, PHRASES)]


def test_the_visitors_own_language_comes_first_then_the_other_official_one() -> None:
    assert texts("fr") == [
        "Ticket K, quarante-deux.",
        "Bureau sept.",
        "Ticket K, nul, vier, twee.",
        "Bureau zeven.",
    ]
    assert languages_of(call("nl", "fr"), OFFICIAL, "both") == ("nl", "fr")


def test_a_german_ticket_is_called_in_german_then_in_the_official_languages_in_the_days_order() -> None:
    assert languages_of(call("de", "fr"), ("nl", "fr"), "both") == ("de", "nl", "fr")
    assert languages_of(call("en"), ("fr", "nl"), "both") == ("en", "fr", "nl")
    assert texts("de", desk="12")[:2] == ["Ticket K, null, vier, zwo.", "Schalter 12."]


def test_a_centre_may_call_in_the_tickets_language_alone_or_chime_alone() -> None:
    assert languages_of(call("nl"), OFFICIAL, "ticket") == ("nl",)
    assert languages_of(call("nl"), OFFICIAL, "chime") == ()


def test_with_others_in_line_a_call_is_said_in_one_language_then_not_at_all() -> None:
    assert languages_of(call("fr"), OFFICIAL, "both", Brevity.OWN) == ("fr",)
    assert languages_of(call("fr"), OFFICIAL, "both", Brevity.CHIME) == ()


def test_a_visitor_whose_language_nobody_has_texts_for_is_called_in_the_official_ones() -> None:
    assert languages_of(call("it"), OFFICIAL, "ticket") == OFFICIAL
    assert languages_of(call(), OFFICIAL, "both", Brevity.OWN) == OFFICIAL


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_a_call_names_the_desk_as_the_centre_does(language: str) -> None:
    centre = replace(CENTRE, place=dict.fromkeys(LOCALES, "guichet"))
    assert of_call(call(language), (), centre, PHRASES)[1].text.startswith("Guichet ")


def test_recordings_are_named_by_letter_and_number_as_they_are_read() -> None:
    french, _, dutch, desk = of_call(call("fr", ticket="K342", desk="A3"), OFFICIAL, CENTRE, PHRASES)
    assert french.recordings == (("ticket-k342",), ("ticket", "letter-k", "number-300", "number-42"))
    assert dutch.recordings[1] == ("ticket", "letter-k", "number-3", "number-4", "number-2")
    assert desk.recordings == (("desk-a3",),)


def test_a_text_is_read_a_sentence_at_a_time_and_never_without_end() -> None:
    clips = of_text("Bonjour. Choisissez une langue ?\n\nMerci !", "fr")
    assert [clip.text for clip in clips] == ["Bonjour.", "Choisissez une langue ?", "Merci !"]
    assert sum(len(clip.text) for clip in of_text("a" * 9999, "fr")) == TEXT_MAX
    assert of_text(" \n ", "fr") == ()
