"""What a tile says of those who wait: for how long first, then how many; or that nobody is there."""

from msgspec import Struct

from config.look.lettering import width_of
from kiosk.screens.scene import Moment
from kiosk.visit import in_vain, is_official, somebody_there, talk_choices
from kiosk.waits import ALOUD, is_promised, soonest, words_of
from protocol.commands import UnservedWhy
from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import IN_VAIN, Expected

_BETWEEN = " · "
PEOPLE_GAP = 2
"""Columns between a wait in large letters and how many wait."""


class Told(Struct, frozen=True):
    """What is written of a wait, in letters of so many rows."""

    words: str
    rows: int = 1
    close: bool = False
    """The letters stand close to each other: it has no room otherwise."""


class Waiting(Struct, frozen=True):
    """Of one thing to choose."""

    written: tuple[str, ...] = ()
    """Without the number of people, in the visitor's language and in those that get the same size;
    none: nothing is known."""
    signs: tuple[str, ...] = ()
    """The same as short as a sign, for large letters; none: it is short as it is written."""
    people: tuple[str, ...] = ()
    """Their number in the same languages; none: it is unknown, or not worth telling."""
    aloud: str = ""
    there: bool = True
    """Somebody is there, or will be."""
    foreseen: bool = False
    """The words tell a wait."""

    @property
    def words(self) -> str:
        """As the visitor reads it, without the number of people; empty: nothing is known."""
        return self.written[0] if self.written else ""

    @property
    def with_people(self) -> tuple[str, ...]:
        """The wait, and behind it how many wait; none: that is not told."""
        return tuple(map(_BETWEEN.join, zip(self.written, self.people, strict=False)))

    @property
    def short(self) -> tuple[str, ...]:
        """For large letters."""
        return self.signs or self.written

    def told(self, width: int, rows: int) -> Told:
        """In letters of that height if it has room in each language; else in the terminal's own type."""
        for close in (False, True) if rows > 1 and self.short else ():
            if all(width_of(text, rows, close=close) <= width for text in self.short):
                return Told(self.short[0], rows, close)
        return Told(self.fitting(width))

    def people_beside(self, width: int, rows: int) -> str:
        """How many wait, where that has room behind the wait in letters of that height, in each language."""
        pairs = zip(self.written, self.people, strict=False)
        widest = max((width_of(wait, rows) + PEOPLE_GAP + len(count) for wait, count in pairs), default=0)
        return self.people[0] if rows > 1 and 0 < widest <= width else ""

    def fitting(self, width: int) -> str:
        """As much of it as fits so many columns of one-row type, in every language alike."""
        fits = bool(self.with_people) and max(map(len, self.with_people)) <= width
        return self.with_people[0] if fits else self.words


def waiting_for_field(moment: Moment, queue: FieldQueue | None) -> Waiting:
    """Of a field: in the visitor's language if that is official or somebody speaks it, else in any."""
    kiosk = moment.kiosk
    if queue is None or not queue.open:
        return _nobody(moment.sized_with("kiosk.tile_closed"))
    if kiosk.alone:
        return Waiting()
    own, official = moment.language, is_official(kiosk)
    nothing = not talk_choices(kiosk, queue) and in_vain(kiosk, queue) is not UnservedWhy.NOBODY
    if official and not queue.offers(own):
        others = [code for code in moment.official if code != own and is_promised(queue, code)]
        if others:
            return _only_in(moment, others[0])
    if own in queue.ended if official else nothing:
        return _nobody(moment.sized_with("kiosk.tile_ended"))
    count = queue.waiting.get(own, 0) if official else queue.waiting_total
    expected = soonest(queue, () if own in queue.ended else (own,))
    if not official and (expected is None or expected.kind in IN_VAIN):
        expected = soonest(queue, (other for other in moment.official if other not in queue.ended))
    if expected is not None:
        return foreseen(moment, expected, count)
    if not queue.served:
        return _nobody_now(moment)
    if not somebody_there(kiosk, queue):
        written = tuple(
            moment.say_in(one, "kiosk.tile_nobody_language", in_language=moment.say_in(one, f"lang.in_{one}"))
            for one in moment.alike
        )
        return _nobody(written, moment.sized_with("kiosk.sign_nobody_language"))
    return _counted(moment, count, mark="● ")


def waiting_in(moment: Moment, queue: FieldQueue, language: LanguageCode) -> Waiting:
    """Of a conversation in this language."""
    if moment.kiosk.alone:
        return Waiting()
    count = queue.waiting.get(language, 0)
    expected = queue.expected.get(language)
    if expected is not None:
        return foreseen(moment, expected, count)
    if language not in queue.served:
        return _nobody_now(moment)
    return _counted(moment, count)


def foreseen(moment: Moment, expected: Expected, count: int) -> Waiting:
    """The wait, and behind minutes how many wait."""
    assert moment.kiosk.view is not None, "a wait comes with a view"
    wait = words_of(expected, moment.kiosk.view.at)
    written, people = moment.sized_with(wait.key, **wait.numbers), moment.sized_with("kiosk.people", n=count)
    return Waiting(
        written=written,
        people=people if wait.key in ALOUD and count else (),
        aloud=moment.say(ALOUD.get(wait.key, wait.key), **wait.numbers),
        there=expected.kind not in IN_VAIN,
        foreseen=True,
    )


def _only_in(moment: Moment, other: LanguageCode) -> Waiting:
    """Tickets are given in this language, and today no more in the visitor's official one."""

    def said(key: str) -> tuple[str, ...]:
        codes = ((one, moment.language if one == other else other) for one in moment.alike)
        return tuple(
            moment.say_in(one, key, in_language=moment.say_in(one, f"lang.in_{code}")) for one, code in codes
        )

    return _nobody(said("kiosk.tile_only_language"), said("kiosk.sign_only_language"))


def _counted(moment: Moment, count: int, mark: str = "") -> Waiting:
    written, signs = (moment.sized_with(key, n=count) for key in ("kiosk.waiting", "kiosk.sign_waiting"))
    return Waiting(written=tuple(f"{mark}{words}" for words in written), signs=signs, aloud=written[0])


def _nobody_now(moment: Moment) -> Waiting:
    return _nobody(moment.sized_with("kiosk.tile_nobody"), moment.sized_with("kiosk.sign_nobody"))


def _nobody(written: tuple[str, ...], signs: tuple[str, ...] = ()) -> Waiting:
    return Waiting(written=written, signs=signs, aloud=written[0], there=False)
