"""Why a visitor is asked, or sent away: nobody is there, in the language or at all, or it is full today."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from config.phrases import long_date_of
from kiosk.screens.scene import Moment
from kiosk.visit import in_vain, is_official, somebody_there, talk_choices
from kiosk.waits import is_planned, is_promised
from protocol.commands import UnservedWhy
from protocol.ids import LanguageCode
from protocol.views import FieldQueue


class _Reason(Struct, frozen=True):
    """By keys of the catalogue."""

    why: str
    then: str = ""
    """What the visitor can do; '' where that is what can be chosen."""
    next_at: datetime | None = None
    """When somebody is there again, as the roster has it: told in place of what can be done."""
    talk: LanguageCode = ""
    """The language it is about; '': the reader's own."""


def reason_at(moment: Moment, queue: FieldQueue) -> str:
    """Why it is asked, when nobody is there; '' when somebody is, or nobody knows."""
    return next(iter(reasons_at(moment, queue)), "")


def reasons_at(moment: Moment, queue: FieldQueue) -> tuple[str, ...]:
    """The same in the languages that get the same size, each of itself; none: there is none."""
    reason = _reason(moment, queue)
    return () if reason is None else tuple(_said(moment, reason, language) for language in moment.alike)


def _said(moment: Moment, reason: _Reason, language: LanguageCode) -> str:
    in_language = moment.say_in(language, f"lang.in_{reason.talk or language}")
    why = moment.say_in(language, reason.why, in_language=in_language)
    if reason.next_at is None:
        return f"{why} {moment.say_in(language, reason.then)}" if reason.then else why
    day = long_date_of(language, reason.next_at.astimezone(ZoneInfo(moment.centre.timezone)).date())
    time = moment.time_in(language, reason.next_at)
    return f"{why} {moment.say_in(language, 'kiosk.nobody_next', day=day, time=time)}"


def _reason(moment: Moment, queue: FieldQueue) -> _Reason | None:
    kiosk, own = moment.kiosk, moment.language
    if kiosk.alone or kiosk.anyway:
        return None
    choices = talk_choices(kiosk, queue)
    if not is_official(kiosk) and len(choices) == 1 and is_promised(queue, choices[0][0]):
        return _Reason("kiosk.only_language", talk=choices[0][0])
    if somebody_there(kiosk, queue):
        return None
    others = [other for other in moment.official if other != own and is_promised(queue, other)]
    helps = not is_promised(queue, own) or any(other in queue.served for other in others)
    if is_official(kiosk) and others and helps:
        if queue.offers(own):
            return _Reason("kiosk.nobody_language", "kiosk.nobody_alternatives")
        again = _next_at(queue, {own})
        return _Reason("kiosk.nobody_language_today", "kiosk.nobody_alternatives", again)
    languages = {own} if is_official(kiosk) else {own, *moment.official}
    why_not = in_vain(kiosk, queue)
    if why_not is UnservedWhy.ENDED:
        return _Reason("kiosk.full_today", "kiosk.ask_when", _next_at(queue, languages))
    if not any(is_planned(queue, language) for language in languages):
        why = "kiosk.nobody_today" if why_not is not None else "kiosk.nobody_planned"
        return _Reason(why, "kiosk.ask_when", _next_at(queue, languages))
    comes = any(is_promised(queue, language) for language in languages)
    return _Reason("kiosk.nobody_field", "kiosk.later" if comes else "kiosk.ask_when")


def _next_at(queue: FieldQueue, languages: Collection[LanguageCode]) -> datetime | None:
    """When the first of them is there again; none where the roster says nothing."""
    planned = (
        expected.next_at for language in languages if (expected := queue.expected.get(language)) is not None
    )
    return min((at for at in planned if at is not None), default=None)
