"""A study as one page that needs nothing else: words of a planner, plots in plain SVG, readable on paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

import msgspec

from config.model import Centre
from config.phrases import Phrases, for_screen
from walkin.planning.changes import Change, Learns, Less, More, Under
from walkin.planning.figures import CellFigures, Effect, Figures, Slot, Waits
from walkin.planning.outcome import NoTicket
from walkin.planning.plots import Bar, Difference, Line, bars, differences, lines
from walkin.planning.policy import Rule
from walkin.planning.report import LEAST_SHOWN
from walkin.planning.study import Setting

DECIMAL_POINT = frozenset({"en"})
"""Languages that write 1.5 and not 1,5."""
STYLE = """
:root { color: #14213D; background: #FFFFFF; font: 16px/1.45 system-ui, sans-serif; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; } h3 { font-size: 1.05rem; }
h2, h3, h2 + p { break-after: avoid; }
svg { width: 100%; height: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .2rem .5rem; border-bottom: 1px solid #C9C3B6; }
th { font-weight: 600; vertical-align: bottom; } th:first-child, td:first-child { text-align: left; }
.wide table { font-size: .85rem; } .wide th, .wide td { padding: .15rem .3rem; }
td.gap { font-weight: 700; background: #F4EFE6; }
tr.now { font-weight: 700; }
.caution { border-left: .4rem solid #8C4600; padding-left: .8rem; }
.small { font-size: .8rem; }
@page { margin: 15mm; }
@media print { :root { font-size: 13px; } body { margin: 0; max-width: none; } }
@media print { svg, tr { break-inside: avoid; } }
"""


def page(figures: Figures, setting: Setting, centre: Centre, phrases: Phrases, language: str) -> str:
    """The page in this language, which is one of the catalogue's."""
    return _Page(figures, setting, centre, phrases, language).written()


class _Page:
    def __init__(
        self, figures: Figures, setting: Setting, centre: Centre, phrases: Phrases, language: str
    ) -> None:
        self._figures = figures
        self._setting = setting
        self._centre = centre
        self._phrases = phrases
        self._language = language

    def written(self) -> str:
        title = escape(self._say("title", centre=self._named(self._centre.name)), quote=False)
        sections = (self._overall(), self._over_the_day(), self._by_cell(), self._gaps())
        tries = (self._changes(), self._rules()) if self._figures.effects else ()
        body = "\n".join(
            f"<section>{''.join(section)}</section>" for section in (*sections, *tries, self._assumed())
        )
        return (
            f'<!doctype html>\n<html lang="{self._language}">\n<head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
            f"<style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
        )

    # Sections

    def _overall(self) -> Iterator[str]:
        whole, setting = self._figures.whole, self._setting
        waits = whole.waits
        off_course = self._say("messy" if setting.messy else "clean")
        yield _tag("p", f"{self._say('days', n=setting.days)} {off_course}")
        yield f'<div class="caution">{_tag("p", self._say("caution"))}</div>'
        yield _tag("h2", self._say("overall"))
        rows = [
            ("visitors_a_day", self._number(waits.a_day)),
            ("mean_wait", self._min(waits.mean_min)),
            ("median_wait", self._min(waits.p50_min)),
            ("long_wait", self._min(waits.p90_min)),
            ("at_once", self._percent(waits.at_once)),
            *((reason.value, self._number(waits.why_turned_away[reason])) for reason in NoTicket),
            ("not_called", self._number(waits.not_called_a_day)),
            ("late", self._min(whole.late_min)),
            ("after_close", self._min(whole.after_close_min)),
        ]
        yield _table((), [(self._say(key), value) for key, value in rows])

    def _over_the_day(self) -> Iterator[str]:
        title = self._say("over_the_day")
        slots = self._figures.slots
        clock = [self._clock(slot) for slot in slots]
        yield _tag("h2", title)
        yield lines(
            (
                Line(self._say("mean_wait"), tuple(slot.waits.mean_min for slot in slots)),
                Line(self._say("long_wait"), tuple(slot.waits.p90_min for slot in slots), dashed=True),
            ),
            clock,
            title,
            self._whole_number,
        )
        yield lines(
            (
                Line(self._say("on_duty"), tuple(slot.on_duty for slot in slots)),
                Line(self._say("visitors"), tuple(slot.waits.a_day for slot in slots), dashed=True),
            ),
            clock,
            self._say("on_duty"),
            self._whole_number,
        )

    def _by_cell(self) -> Iterator[str]:
        title = self._say("by_cell")
        cells = [cell for cell in self._figures.cells if cell.waits.a_day]
        yield _tag("h2", title)
        yield _tag("p", f"{self._say('mean_wait')} / {self._say('long_wait')}")
        rows = [Bar(self._cell(cell), cell.waits.mean_min, cell.waits.p90_min) for cell in cells]
        yield bars(rows, title, self._whole_number)
        yield _wide(
            [self._say("field"), self._say("language"), *self._wait_heads, self._say("covering")],
            [
                (
                    self._named(self._centre.field(cell.field).noun),
                    self._endonym(cell.language),
                    *self._waits(cell.waits),
                    str(cell.counsellors),
                )
                for cell in cells
            ],
        )
        unserved = self._figures.served_by_nobody()
        yield from self._listed("never", [cell for cell in unserved if not cell.counsellors])
        yield from self._listed("some_days", [cell for cell in unserved if cell.counsellors])

    def _listed(self, key: str, cells: list[CellFigures]) -> Iterator[str]:
        if cells:
            yield _tag("p", self._say(key, cells=" · ".join(map(self._cell, cells))))

    def _gaps(self) -> Iterator[str]:
        languages = self._centre.languages.all
        gaps = {(cell.field, cell.language): cell.uncovered_min for cell in self._figures.cells}
        yield _tag("h2", self._say("gaps"))
        yield _tag("p", self._say("gaps_note"))
        yield _table(
            [self._say("field"), *map(self._endonym, languages)],
            [
                (
                    self._named(field.noun),
                    *(self._whole_number(gaps[field.id, language]) for language in languages),
                )
                for field in self._centre.fields
            ],
            marked=lambda words: words != "0",
        )

    def _changes(self) -> Iterator[str]:
        figures = self._figures
        yield _tag("h2", self._say("changes"))
        yield _tag("p", self._say("changes_note"))
        for key, effects in (
            ("more", figures.best(More)),
            ("learns", figures.best(Learns)),
            ("less", figures.missed()),
        ):
            if not effects:
                continue
            yield _tag("h3", self._say(key))
            rows = [
                Difference(self._change(each.change), each.wait_min, each.error_min or 0.0, sure=each.sure)
                for each in effects
            ]
            yield differences(rows, self._say(key), self._signed)
            yield _table(
                [self._say("change"), f"{self._say('difference')} (min)", self._say("served_more")],
                [self._effect(each) for each in effects],
            )

    def _rules(self) -> Iterator[str]:
        yield _tag("h2", self._say("rules"))
        yield _wide(
            [self._say("rule_heading"), *self._wait_heads],
            [(self._rule(rule), *self._waits(whole.waits)) for rule, whole in self._figures.rules.items()],
            now=list(self._figures.rules).index(self._setting.rule),
        )

    def _assumed(self) -> Iterator[str]:
        tree = msgspec.to_builtins(self._setting.assumptions)
        del tree["reference"]  # of another centre
        yield _tag("h2", self._say("assumed"))
        yield f'<div class="small">{_table((), list(_leaves(tree, "")))}</div>'
        yield _tag("p", f"walkin simulate --days {self._setting.days} --seed {self._setting.seed}")

    # Words and numbers

    def _say(self, key: str, **values: object) -> str:
        return for_screen(self._phrases.say(f"planning.{key}", self._language, **values), self._language)

    def _named(self, texts: Mapping[str, str]) -> str:
        return texts.get(self._language) or next(iter(texts.values()))

    def _endonym(self, language: str) -> str:
        return self._phrases.say("lang.endonym", language)

    @property
    def _wait_heads(self) -> tuple[str, ...]:
        return (
            self._say("visitors_a_day"),
            f"{self._say('mean_wait')} (min)",
            f"{self._say('nine_of_ten')} (min)",
            self._say("at_once"),
            self._say("refused_nobody"),
            self._say("refused_ended"),
        )

    def _cell(self, cell: CellFigures) -> str:
        return f"{self._named(self._centre.field(cell.field).noun)}, {self._endonym(cell.language)}"

    def _waits(self, waits: Waits) -> tuple[str, ...]:
        return (
            self._number(waits.a_day),
            self._perhaps(waits.mean_min),
            self._perhaps(waits.p90_min),
            self._percent(waits.at_once),
            self._number(waits.turned_away_a_day - waits.why_turned_away[NoTicket.ENDED]),
            self._number(waits.why_turned_away[NoTicket.ENDED]),
        )

    def _change(self, change: Change) -> str:
        match change:
            case More(field=field, language=language):
                return f"{self._named(self._centre.field(field).noun)}, {self._endonym(language)}"
            case Learns(counsellor=counsellor, language=language):
                return f"{counsellor} + {self._endonym(language)}"
            case Less(counsellor=counsellor):
                return self._say("without", counsellor=counsellor)
            case Under(rule=rule):
                return self._rule(rule)

    def _rule(self, rule: Rule) -> str:
        name = for_screen(self._phrases.say(f"planning.rule.{rule.value}", self._language), self._language)
        return name if rule is not Rule.SCARCITY else f"{name} ({self._setting.scarcity_min:g} min)"

    def _effect(self, effect: Effect) -> tuple[str, ...]:
        error = "" if effect.error_min is None else f" ± {self._number(effect.error_min)}"
        told = "" if effect.sure else f" ({self._say('too_small')})"
        served = self._signed(self._figures.served_more(effect))
        return self._change(effect.change), f"{self._signed(effect.wait_min)}{error}{told}", served

    def _clock(self, slot: Slot) -> str:
        """On the clock, or since opening where the weekdays do not open together."""
        opens = {roster.place.opens_at_min for roster in self._setting.rosters.values()}
        together = len(opens) == 1
        hour, minute = divmod(slot.from_min + (opens.pop() if together else 0), 60)
        return f"{'' if together else '+'}{hour}:{minute:02d}"

    def _number(self, number: float) -> str:
        words = f"{number:.1f}"
        return words if self._language in DECIMAL_POINT else words.replace(".", ",")

    def _whole_number(self, number: float) -> str:
        return f"{number:.0f}"

    def _signed(self, number: float) -> str:
        sign = "" if abs(number) < LEAST_SHOWN else "−" if number < 0 else "+"
        return f"{sign}{self._number(abs(number))}"

    def _perhaps(self, number: float | None) -> str:
        return "–" if number is None else self._number(number)

    def _min(self, minutes: float | None) -> str:
        return "–" if minutes is None else f"{self._number(minutes)} min"

    def _percent(self, share: float | None) -> str:
        return "–" if share is None else f"{100 * share:.0f} %"


def _tag(name: str, words: str) -> str:
    return f"<{name}>{escape(words, quote=False)}</{name}>"


def _table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    marked: Callable[[str], bool] = lambda _: False,
    now: int | None = None,
) -> str:
    """A table whose first column is words; `marked` numbers stand out, and the row called `now`."""

    def cell(words: str) -> str:
        shown = _tag("td", words)
        return shown.replace("<td>", '<td class="gap">') if marked(words) else shown

    def row(number: int, first: str, *others: str) -> str:
        shown = "".join((_tag("td", first), *map(cell, others)))
        return f'<tr class="now">{shown}</tr>' if number == now else f"<tr>{shown}</tr>"

    head = f"<thead><tr>{''.join(_tag('th', words) for words in heads)}</tr></thead>" if heads else ""
    body = "".join(row(number, *words) for number, words in enumerate(rows))
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _wide(heads: Sequence[str], rows: Sequence[Sequence[str]], *, now: int | None = None) -> str:
    return f'<div class="wide">{_table(heads, rows, now=now)}</div>'


def _leaves(tree: object, key: str) -> Iterator[tuple[str, str]]:
    """Every figure with its key, as the file of assumptions has them."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _leaves(value, f"{key}.{name}" if key else name)
    elif isinstance(tree, list | tuple):
        yield key, ", ".join(map(str, tree))
    else:
        yield key, str(tree)
