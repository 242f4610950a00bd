"""What a tile says of those who wait: for how long first, then how many; or that nobody is there."""

from msgspec import Struct

from kiosk.screens.scene import Moment
from kiosk.visit import is_official, not_today, somebody_there, talk_choices
from kiosk.waits import ALOUD, soonest, words_of
from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import IN_VAIN, Expected

_BETWEEN = " · "


class Waiting(Struct, frozen=True):
    """Of one thing to choose."""

    words: str = ""
    """As written, without the number of people; empty: nothing is known."""
    with_people: tuple[str, ...] = ()
    """The same with it, in the visitor's language and in those that get the same size; none: unknown."""
    aloud: str = ""
    there: bool = True
    """Somebody is there, or will be."""
    foreseen: bool = False
    """The words tell a wait."""

    def fitting(self, width: int) -> str:
        """As much of it as fits so many columns of one-row type, in every language alike."""
        fits = bool(self.with_people) and max(map(len, self.with_people)) <= width
        return self.with_people[0] if fits else self.words


def waiting_for_field(moment: Moment, queue: FieldQueue | None) -> Waiting:
    """Of a field: in the visitor's language if that is official or somebody speaks it, else in any."""
    kiosk = moment.kiosk
    if queue is None or not queue.open:
        return _nobody(moment.say("kiosk.tile_closed"))
    if kiosk.alone:
        return Waiting()
    own, official = moment.language, is_official(kiosk)
    if own in queue.ended if official else not (talk_choices(kiosk, queue) or not_today(kiosk, queue)):
        return _nobody(moment.say("kiosk.tile_ended"))
    count = queue.waiting.get(own, 0) if official else queue.waiting_total
    expected = soonest(queue, (own,))
    if not official and (expected is None or expected.kind in IN_VAIN):
        expected = soonest(queue, (other for other in moment.official if other not in queue.ended))
    if expected is not None:
        return foreseen(moment, expected, count)
    if not queue.served:
        return _nobody(moment.say("kiosk.tile_nobody"))
    if not somebody_there(kiosk, queue):
        in_language = moment.say(f"lang.in_{own}")
        return _nobody(moment.say("kiosk.tile_nobody_language", in_language=in_language))
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
        return _nobody(moment.say("kiosk.tile_nobody"))
    return _counted(moment, count)


def foreseen(moment: Moment, expected: Expected, count: int) -> Waiting:
    """The wait, and behind minutes how many wait."""
    assert moment.kiosk.view is not None, "a wait comes with a view"
    wait = words_of(expected, moment.kiosk.view.at)
    written, people = moment.sized_with(wait.key, **wait.numbers), moment.sized_with("kiosk.people", n=count)
    return Waiting(
        words=written[0],
        with_people=tuple(map(_BETWEEN.join, zip(written, people, strict=True)))
        if wait.key in ALOUD and count
        else (),
        aloud=moment.say(ALOUD.get(wait.key, wait.key), **wait.numbers),
        there=expected.kind not in IN_VAIN,
        foreseen=True,
    )


def _counted(moment: Moment, count: int, mark: str = "") -> Waiting:
    words = moment.say("kiosk.waiting", n=count)
    return Waiting(words=f"{mark}{words}", aloud=words)


def _nobody(words: str) -> Waiting:
    return Waiting(words=words, aloud=words, there=False)
