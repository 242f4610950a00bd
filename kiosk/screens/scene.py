"""What a scene is given to show, and what all scenes have in common."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct
from textual.containers import Container, Horizontal

from config.model import Centre
from config.phrases import Phrases, for_screen, order_of_day
from kiosk.flow import Kiosk
from kiosk.layout import Room, Shape
from kiosk.paper import Printing
from kiosk.widgets import Words, fitting_rows
from protocol.ids import LanguageCode

PRINTER_TROUBLE = {Printing.NO_PAPER: "kiosk.no_paper", Printing.FAULT: "kiosk.printer_fault"}
"""Why no slip will come out."""


class Moment(Struct, frozen=True):
    """Everything a scene needs to know: the state, the room, the words, and what time it is."""

    kiosk: Kiosk
    room: Room
    centre: Centre
    phrases: Phrases
    at_s: float
    """On the kiosk's own steady clock, in seconds."""
    local: datetime | None
    """The centre's wall clock by the server; none until it was heard."""

    @property
    def language(self) -> LanguageCode:
        """The visitor's language; before the choice, the first of the day."""
        return self.kiosk.language or self.official[0]

    @property
    def official(self) -> tuple[LanguageCode, ...]:
        """The official languages in the order of the day."""
        day = date.fromisoformat(self.kiosk.view.day) if self.kiosk.view is not None else date.min
        return order_of_day(self.centre.languages.official, day)

    def say(self, key: str, **values: object) -> str:
        """A text in the visitor's language."""
        return self.say_in(self.language, key, **values)

    def say_in(self, language: LanguageCode, key: str, **values: object) -> str:
        """A text in this language."""
        return for_screen(self.phrases.say(key, language, **values), language)

    def say_all(self, key: str, **values: object) -> tuple[str, ...]:
        """A text in each official language, in the order of the day."""
        return tuple(self.say_in(language, key, **values) for language in self.official)

    def sized_with(self, key: str, **values: object) -> tuple[str, ...]:
        """The texts that must get the same size: the visitor's own, and those in the official languages."""
        return (self.say(key, **values), *self.say_all(key, **values))

    def endonym(self, language: LanguageCode) -> str:
        """A language's own name for itself."""
        return self.phrases.say("lang.endonym", language)

    def paper_warning(self, language: LanguageCode) -> tuple[str, ...]:
        """That slips do not come out here, and what a visitor can do then, a sentence each; else none."""
        printing = self.kiosk.printing
        if printing is Printing.ELSEWHERE:
            return (self.say_in(language, "kiosk.slips_elsewhere"),)
        if printing not in PRINTER_TROUBLE:
            return ()
        keys = (PRINTER_TROUBLE[printing], "kiosk.without_paper")
        return tuple(self.say_in(language, key) for key in keys)


def secondary_rows(texts: Iterable[str], room: Room, width: int, lines_max: int = 2) -> int:
    """Letter height for what is read after the headline: on a wide panel one row is too small to read."""
    return fitting_rows(texts, width, (3,), lines_max) if room.shape is Shape.WIDE else 1


class SceneView(Container):
    """One thing to look at; kept for good, shown when its time comes."""

    ALLOW_SELECT: ClassVar[bool] = False

    def show(self, moment: Moment) -> None:
        """Say what the moment has to say, in the room there is."""
        raise NotImplementedError

    def tick(self, moment: Moment) -> None:
        """Some time has passed and nothing else."""


class Foot(Horizontal):
    """The last line: ways out on the left, a remark on the right."""


class Remark(Words):
    """A sentence for whoever needs it: where people help, or that no paper will come out."""

    def __init__(self) -> None:
        super().__init__(classes="remark")

    def show(self, moment: Moment, otherwise: str) -> None:
        """What is wrong with the printer, if anything, else this text."""
        warning = moment.paper_warning(moment.language)
        self.set_class(bool(warning), "-alert")
        between = " " if moment.room.upright else "\n"
        self.write(between.join(warning) or otherwise)
