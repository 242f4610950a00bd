"""What a scene is given to show, and what all scenes have in common."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from msgspec import Struct
from textual.containers import Container

from config.model import Centre
from config.phrases import Phrases, for_screen, order_of_day, time_of
from kiosk.inputs import Aid, Back, Tap
from kiosk.layout import Room, Shape
from kiosk.paper import Printing
from kiosk.visit import Kiosk
from kiosk.widgets import fitting_rows
from protocol.ids import DeviceName, LanguageCode

PRINTER_TROUBLE = {Printing.NO_PAPER: "kiosk.no_paper", Printing.FAULT: "kiosk.printer_fault"}
"""Why no slip will come out."""


CONTRAST_INK = "#000000"


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
    day: date
    """Whose language comes first: another day, another one."""

    @property
    def language(self) -> LanguageCode:
        """The visitor's language; before the choice, the first of the day."""
        return self.kiosk.language or self.official[0]

    @property
    def contrast(self) -> bool:
        """Whether the visitor wants black, white and yellow."""
        return Aid.CONTRAST in self.kiosk.aids

    def tint(self, colour: str) -> str:
        """A colour that tells fields apart; black where colours are too faint for the visitor."""
        return CONTRAST_INK if self.contrast else colour

    @property
    def official(self) -> tuple[LanguageCode, ...]:
        """The official languages in the order of the day."""
        return order_of_day(self.centre.languages.official, self.day)

    def say(self, key: str, **values: object) -> str:
        """A text in the visitor's language."""
        return self.say_in(self.language, key, **values)

    def say_in(self, language: LanguageCode, key: str, **values: object) -> str:
        """A text in this language."""
        return for_screen(self.phrases.say(key, language, **values), language)

    def say_all(self, key: str, **values: object) -> tuple[str, ...]:
        """A text in each official language, in the order of the day."""
        return tuple(self.say_in(language, key, **values) for language in self.official)

    @property
    def spoken(self) -> tuple[LanguageCode, ...]:
        """The visitor's language; before one was chosen, the official ones in the order of the day."""
        return self.official if self.kiosk.language is None else (self.kiosk.language,)

    def say_each(self, key: str, **values: object) -> tuple[str, ...]:
        """A text in each of the languages spoken at this moment."""
        return tuple(self.say_in(language, key, **values) for language in self.spoken)

    @property
    def alike(self) -> tuple[LanguageCode, ...]:
        """Languages whose texts must get the same size: the visitor's own, and the official ones."""
        return (self.language, *self.official)

    def sized_with(self, key: str, **values: object) -> tuple[str, ...]:
        """A text in the languages that must get the same size."""
        return tuple(self.say_in(language, key, **values) for language in self.alike)

    def time_in(self, language: LanguageCode, at: datetime) -> str:
        """An instant on the centre's clock, as this language writes it."""
        return time_of(language, at.astimezone(ZoneInfo(self.centre.timezone)))

    def place_in(self, language: LanguageCode, printer: DeviceName | None) -> str:
        """Where a printer stands, as the centre says it; its name where it says nothing."""
        places = {one.name: one.place for one in self.centre.printers}
        return places.get(printer or "", {}).get(language, printer or "")

    def endonym(self, language: LanguageCode) -> str:
        """A language's own name for itself."""
        return self.phrases.say("lang.endonym", language)

    def paper_warning(self, language: LanguageCode) -> tuple[str, ...]:
        """That slips do not come out here, and what a visitor can do then, a sentence each; else none."""
        printing = self.kiosk.printing
        if printing is Printing.ELSEWHERE:
            assert self.kiosk.view is not None, "a printer is known by a view"
            where = self.place_in(language, self.kiosk.view.elsewhere)
            return (self.say_in(language, "kiosk.slips_elsewhere", where=where),)
        if printing not in PRINTER_TROUBLE:
            return ()
        keys = (PRINTER_TROUBLE[printing], "kiosk.without_paper")
        return tuple(self.say_in(language, key) for key in keys)


def secondary_rows(texts: Iterable[str], room: Room, width: int, lines_max: int = 2) -> int:
    """Letter height for what is read after the headline: on a wide panel one row is too small to read."""
    large = room.shape is Shape.WIDE or room.larger
    return fitting_rows(texts, width, (3,), lines_max) if large else 1


class Way(Struct, frozen=True):
    """A way out of a scene."""

    words: str
    tap: Tap = Back()
    go: bool = False
    """It is what a visitor has to do now."""


class Remark(Struct, frozen=True):
    """A sentence for whoever needs it."""

    words: str = ""
    alert: bool = False
    share_left: float | None = None
    """Of the time until the scene ends by itself; drawn as a bar beside the words that tell it."""


class SceneView(Container):
    """One thing to look at; kept for good, shown when its time comes."""

    ALLOW_SELECT: ClassVar[bool] = False

    def show(self, moment: Moment) -> None:
        """Say what the moment has to say, in the room there is."""
        raise NotImplementedError

    def headline(self, moment: Moment) -> str:  # noqa: ARG002 - most scenes have none
        """What stands in the head in place of the centre's name, where the scene has no row for it."""
        return ""

    def way(self, moment: Moment) -> Way | None:  # noqa: ARG002 - most scenes have none
        """The way back or out."""
        return None

    def remark(self, moment: Moment) -> Remark:
        """What is said above the buttons; told again whenever some time has passed."""
        warning = moment.paper_warning(moment.language)
        return Remark(" ".join(warning), alert=bool(warning))
