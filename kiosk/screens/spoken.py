"""What is read aloud of each scene: what it is, what can be chosen, in the order a visitor needs it."""

from collections.abc import Iterator

from msgspec import Struct

from kiosk.screens.ask import number_words, said_at
from kiosk.screens.nobody import reason_at
from kiosk.screens.notice import notice_at
from kiosk.screens.scene import Moment
from kiosk.screens.talk import either_key, either_of
from kiosk.screens.ticket import advice_in, ahead_words, back_words, begins_in, called_key, window_of
from kiosk.screens.waiting import waiting_for_field, waiting_in
from kiosk.visit import Kiosk, Scene, help_news, in_doubt, is_official, left_s, queue_of, talk_choices
from protocol.ids import LanguageCode, shown


class Line(Struct, frozen=True):
    """A few words in one language."""

    language: LanguageCode
    text: str


def occasion_of(kiosk: Kiosk) -> object:
    """What makes a scene worth reading anew: another scene, other news; not the number of people waiting."""
    news = help_news(kiosk) if kiosk.scene is Scene.HELP else None
    slip = kiosk.slip if kiosk.scene is Scene.TICKET else None
    return kiosk.scene, kiosk.scene_since_s, kiosk.language, news, slip, kiosk.refusal


def lines_of(moment: Moment) -> tuple[Line, ...]:
    """The scene of the moment, read from its beginning."""
    match moment.kiosk.scene:
        case Scene.CONNECTING | Scene.OFFLINE | Scene.CLOSED:
            said = ((language, notice_at(moment, language)) for language in moment.official)
            lines = [Line(language, text) for language, texts in said for text in texts if text]
        case Scene.LANGUAGE:
            lines = list(_language(moment))
        case Scene.FIELD:
            lines = _own(moment, _field(moment))
        case Scene.TALK:
            lines = list(_talk(moment))
        case Scene.TICKET:
            lines = _own(moment, _ticket(moment))
        case _:
            lines = list(_ask(moment))
    return tuple(lines)


def _own(moment: Moment, texts: Iterator[str]) -> list[Line]:
    return [Line(moment.language, text) for text in texts if text]


def _language(moment: Moment) -> Iterator[Line]:
    """Each language in itself, with its digit; what is wrong with the paper first."""
    for language in moment.official:
        yield Line(language, moment.say_in(language, "kiosk.hello"))
        for sentence in moment.paper_warning(language):
            yield Line(language, sentence)
        yield Line(language, moment.say_in(language, "kiosk.touch_language"))
    for place, code in enumerate((*moment.official, *moment.centre.languages.further), 1):
        yield Line(code, f"{moment.endonym(code)}: {place}")


def _field(moment: Moment) -> Iterator[str]:
    yield from moment.paper_warning(moment.language)
    yield moment.say("kiosk.choose_field")
    for place, field in enumerate(moment.centre.fields, 1):
        waiting = waiting_for_field(moment, queue_of(moment.kiosk, field.id)).aloud
        facts = f" {waiting}." if waiting else ""
        yield f"{place}, {field.letter}: {field.label[moment.language]}.{facts}"
    yield f"{len(moment.centre.fields) + 1}: {moment.say('kiosk.unsure')}."


def _talk(moment: Moment) -> Iterator[Line]:
    queue = queue_of(moment.kiosk, moment.kiosk.field or "")
    if queue is None:
        return
    own = moment.language
    reason = reason_at(moment, queue)
    if reason:
        yield Line(own, reason)
    if in_doubt(moment.kiosk, queue):
        yield Line(own, f"1: {moment.say('kiosk.to_reception')}.")
        yield Line(own, f"2: {moment.say('kiosk.ticket_anyway')}. {moment.say('kiosk.perhaps_nobody')}")
        return
    choices = talk_choices(moment.kiosk, queue)
    if len(choices) > 1 and not is_official(moment.kiosk):
        yield Line(own, moment.say("kiosk.choose_talk_language"))
    alone = is_official(moment.kiosk) and choices == ((own,),)
    single = [choice[0] for choice in choices if len(choice) == 1]
    ordered = [code for code in moment.official if code in single]
    ordered += [code for code in single if code not in ordered]
    for place, code in enumerate(ordered, 1):
        waiting = waiting_in(moment, queue, code)
        if alone:
            yield Line(own, f"{place}: {moment.say('kiosk.wait_anyway')}. {waiting.aloud}")
            continue
        yield Line(code, f"{moment.endonym(code)}: {place}")
        if waiting.foreseen:
            yield Line(own, f"{waiting.aloud}.")
    either = either_of(choices)
    if either:
        yield Line(own, f"{len(ordered) + 1}: {moment.say(either_key(either))}.")


def _ticket(moment: Moment) -> Iterator[str]:
    ticket = moment.kiosk.ticket
    assert ticket is not None, "a ticket scene has its ticket"
    yield f"{moment.say('kiosk.your_number')}: {shown(ticket.ticket)}."
    yield ahead_words(moment, moment.language)
    window = window_of(moment.kiosk)
    if window is not None:
        start, end = begins_in(moment, moment.language), moment.time_in(moment.language, window.ends_at)
        key = "slip.window" if start else "slip.window_until"
        yield f"{moment.say('slip.turn')} {moment.say(key, start=start, end=end)}."
        yield back_words(moment, moment.language)
    yield from advice_in(moment, moment.language)
    yield moment.say(called_key(moment))


def _ask(moment: Moment) -> Iterator[Line]:
    """The sentence, what there is to say about it, the choices with their digits, and the time left."""
    said = said_at(moment)
    left = left_s(moment.kiosk, moment.at_s)
    for place, language in enumerate(moment.spoken):
        for key in (said.sentence, *said.words):
            yield Line(language, moment.say_in(language, key))
        numbers = number_words(moment, moment.spoken)
        if numbers:
            yield Line(language, numbers[place])
        for digit, choice in ((1, said.yes), (2, said.no)):
            if choice is not None:
                yield Line(language, f"{digit}: {moment.say_in(language, choice.key)}.")
        if left is not None:
            yield Line(language, moment.say_in(language, "kiosk.restart_in", n=round(left)))
