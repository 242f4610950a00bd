from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from config.load import load
from config.phrases import LOCALES, Phrases, for_screen
from walkin.planning.assumptions import read_assumptions
from walkin.planning.changes import Learns, More, Roster, changes_of
from walkin.planning.figures import Figures, figures_of
from walkin.planning.outcome import NoTicket
from walkin.planning.page import page
from walkin.planning.place import place_of
from walkin.planning.plots import EMPTY
from walkin.planning.policy import Rule
from walkin.planning.staffing import generated
from walkin.planning.study import Setting, pieces_of, together, work

CENTRE = load(Path(__file__).parents[3] / "config" / "brussels.toml")
PHRASES = Phrases.load()
VOID = {"meta"}

every_language = pytest.mark.parametrize("language", sorted(LOCALES))


@pytest.fixture(scope="module")
def setting() -> Setting:
    assumptions = read_assumptions()
    place = place_of(CENTRE, "monday", assumptions)
    roster = Roster(
        place=place, duties=generated(place, assumptions, assumptions.scenarios["tight"], Random(1))
    )
    return Setting(
        assumptions=assumptions,
        rosters={"monday": roster},
        days=2,
        seed=1,
        messy=True,
        rule=Rule.FIFO,
        changes=changes_of([roster], assumptions)[::5],
    )


@pytest.fixture(scope="module")
def figures(setting: Setting) -> Figures:
    return figures_of(setting, together(map(work, pieces_of(setting))))


class Reader(HTMLParser):
    """Keeps what a browser would fetch, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "action"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@every_language
def test_the_page_needs_no_other_file_and_no_script(
    language: str, figures: Figures, setting: Setting
) -> None:
    text = page(figures, setting, CENTRE, PHRASES, language)
    reader = read(text)
    assert reader.fetched == []
    assert not {"script", "link", "img", "iframe"} & reader.tags
    assert "url(" not in text
    assert f'<html lang="{language}">' in text


def rule_named(rule: Rule, language: str) -> str:
    name = PHRASES.say(f"planning.rule.{rule.value}", language)
    return f"{name} (20 min)" if rule is Rule.SCARCITY else name


@every_language
def test_the_page_names_every_field_rule_and_figure_in_its_language(
    language: str, figures: Figures, setting: Setting
) -> None:
    words = read(page(figures, setting, CENTRE, PHRASES, language)).words
    expected = [
        *(field.noun[language] for field in CENTRE.fields),
        *(rule_named(rule, language) for rule in figures.rules),
        *(PHRASES.say(f"planning.{key}", language) for key in ("overall", "gaps", "changes", "assumed")),
        *(for_screen(PHRASES.say(f"planning.{reason.value}", language), language) for reason in NoTicket),
    ]
    assert [word for word in expected if word not in words] == []
    assert "demand.visitors_mean" in words


@pytest.mark.parametrize(("language", "mark"), [("en", "."), ("fr", ","), ("nl", ","), ("de", ",")])
def test_numbers_are_written_as_in_the_language(
    language: str, mark: str, figures: Figures, setting: Setting
) -> None:
    a_day = f"{figures.whole.waits.a_day:.1f}".replace(".", mark)
    assert a_day in read(page(figures, setting, CENTRE, PHRASES, language)).words


def names(setting: Setting) -> Iterator[str]:
    for roster in setting.rosters.values():
        for duty in roster.duties:
            yield CENTRE.counsellor(duty.counsellor).name
            yield CENTRE.counsellor(duty.counsellor).organisation


def test_nobody_of_the_team_is_named(figures: Figures, setting: Setting) -> None:
    text = page(figures, setting, CENTRE, PHRASES, "fr")
    assert [name for name in names(setting) if name in text] == []


def test_words_of_a_centre_cannot_become_tags(figures: Figures, setting: Setting) -> None:
    own = PHRASES.with_own({"planning.overall": {"fr": {"other": "<script>alert(1)</script> & co"}}})
    reader = read(page(figures, setting, CENTRE, own, "fr"))
    assert "script" not in reader.tags
    assert "<script>alert(1)</script> & co" in "".join(reader.words)


def test_without_changes_the_page_has_no_section_of_them(figures: Figures, setting: Setting) -> None:
    plain = replace(figures, effects=[], rules={})
    words = read(page(plain, replace(setting, changes=()), CENTRE, PHRASES, "en")).words
    assert PHRASES.say("planning.changes", "en") not in words


@every_language
def test_a_difference_below_its_error_is_called_too_small_to_tell(
    language: str, figures: Figures, setting: Setting
) -> None:
    said = PHRASES.say("planning.too_small", language)
    for sure, shown in ((True, False), (False, True)):
        effects = [replace(effect, sure=sure) for effect in figures.effects]
        told = replace(figures, effects=effects)
        text = page(told, setting, CENTRE, PHRASES, language)
        cells = [word for word in read(text).words if word.endswith(f" ({said})")]
        shown_as_rows = sum(map(len, (told.best(More), told.best(Learns), told.missed())))
        assert len(cells) == shown_as_rows * shown
        assert text.count(f'fill="{EMPTY}"') == shown_as_rows * shown


def test_what_nobody_ever_serves_is_named_on_the_page(figures: Figures, setting: Setting) -> None:
    never = [cell for cell in figures.cells if not cell.counsellors and cell.waits.a_day]
    assert never
    served = [replace(cell, counsellors=1) for cell in figures.cells]
    for cells, key, other in ((figures.cells, "never", "some_days"), (served, "some_days", "never")):
        words = read(page(replace(figures, cells=cells), setting, CENTRE, PHRASES, "en")).words
        begin, without = (PHRASES.say(f"planning.{each}", "en", cells="")[:-1] for each in (key, other))
        [named] = [word for word in words if word.startswith(begin)]
        assert named.count(" · ") == len(never) - 1
        assert not any(word.startswith(without) for word in words)


def test_the_rule_that_is_simulated_stands_out(figures: Figures, setting: Setting) -> None:
    text = page(figures, setting, CENTRE, PHRASES, "en")
    assert f'<tr class="now"><td>{PHRASES.say("planning.rule.fifo", "en")}</td>' in text


def test_half_hours_stand_on_the_clock_or_since_opening_where_weekdays_open_apart(
    figures: Figures, setting: Setting
) -> None:
    assert "9:30" in read(page(figures, setting, CENTRE, PHRASES, "en")).words
    monday = setting.rosters["monday"]
    later = replace(monday, place=replace(monday.place, opens_at_min=600))
    apart = replace(setting, rosters={"monday": monday, "tuesday": later})
    words = read(page(figures, apart, CENTRE, PHRASES, "en")).words
    assert "9:30" not in words
    assert "+1:00" in words


def test_gaps_stand_out_and_cells_that_are_always_covered_do_not(figures: Figures, setting: Setting) -> None:
    text = page(figures, setting, CENTRE, PHRASES, "en")
    assert '<td class="gap">450</td>' in text
    assert "<td>0</td>" in text
