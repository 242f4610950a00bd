"""What the kiosk says to everybody: connecting, out of order, closed. The official languages, equal."""

from itertools import product

from textual.app import ComposeResult
from textual.containers import Container

from config.hours import next_opening, within_hours
from config.look.lettering import wrap_alike
from config.phrases import long_date_of, time_of
from kiosk.layout import Room, Shape
from kiosk.screens.foot import rows_without_way
from kiosk.screens.scene import Moment, Remark, SceneView, secondary_rows
from kiosk.visit import Scene
from kiosk.widgets import Words, fitting_rows
from protocol.ids import DayDate, LanguageCode

_TITLE_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5, 6), Shape.PORTRAIT: (3, 4, 5)}
_TITLE_LINES_MAX = {Shape.SMALL: 2, Shape.STANDARD: 4, Shape.WIDE: 3, Shape.PORTRAIT: 5}
_BODY_LINES_MAX = 4
_MORE_SPARE = {**dict.fromkeys(Shape, 0), Shape.WIDE: 4}
"""Rows more around the words of a card."""
_CARD_PADDING = 3
_CARD_SPARE = 1
"""Rows of a card above and below its words."""
_AIRY_ROWS = 2 * _CARD_SPARE + 1
"""Free for each of the cards of a small panel, so that its words need not touch its edges."""


class NoticeScene(SceneView):
    """One card a language, all alike."""

    def __init__(self, official_count: int) -> None:
        super().__init__(classes="scene notice")
        self._cards = tuple(NoticeCard() for _ in range(official_count))

    def compose(self) -> ComposeResult:
        """The cards."""
        with Container(classes="body"):
            yield from self._cards

    def remark(self, moment: Moment) -> Remark:  # noqa: ARG002 - the scene's contract
        """None: there is no ticket here, on paper or without."""
        return Remark()

    def show(self, moment: Moment) -> None:
        """What is the matter, and what a visitor can do, in the order of the day."""
        room = moment.room
        stacked = room.stacked or room.shape is Shape.SMALL
        across = 1 if stacked else len(self._cards)
        width = (room.inner - (across - 1) * room.gutter) // across
        said = [notice_at(moment, language) for language in moment.official]
        text_width = width - 2 * _CARD_PADDING
        titles = [title for title, _ in said]
        bodies = [body for _, body in said]
        spare = 0 if room.shape is Shape.SMALL else 2 * _CARD_SPARE
        rows_free = room.body_rows + rows_without_way(room, len(moment.spoken))
        height = rows_free // (len(self._cards) if stacked else 1) - spare - int(stacked)
        rows, body_rows = _sizes(room, titles, bodies, text_width, height)
        lines, below = wrap_alike(titles, text_width, rows), wrap_alike(bodies, text_width, body_rows)
        title_height, body_height = rows * _most(lines), body_rows * _most(below)
        card_height = title_height + body_height + int(any(bodies))
        self.set_class(card_height + _AIRY_ROWS <= height, "-airy")
        # the row between title and words is above them, where no other is free
        self.set_class(card_height >= height and any(bodies), "-close")
        for place, (card, title, body) in enumerate(zip(self._cards, lines, below, strict=True)):
            card.styles.width = width
            between = place > 0
            card.styles.margin = (int(stacked and between), 0, 0, room.gutter * (not stacked and between))
            card.write(title, rows, body, body_rows)
            card.even_out(title_height, body_height)


def _most(broken: list[tuple[str, ...]]) -> int:
    """Lines of the language that needs most of them."""
    return max(map(len, broken))


def _sizes(room: Room, titles: list[str], bodies: list[str], width: int, height: int) -> tuple[int, int]:
    """Letters of titles and bodies, the largest with which every card is at most so high."""
    body_choices = (
        (3, 1) if room.larger or room.upright else (secondary_rows(bodies, room, width, _BODY_LINES_MAX),)
    )
    sizes = list(product(sorted((*room.heights(_TITLE_ROWS), 1), reverse=True), body_choices))
    if room.upright:  # what to do is not small under a title that could be less large
        sizes.sort(key=lambda size: (min(size), size), reverse=True)
    more = 0 if room.larger else _MORE_SPARE[room.shape]
    for rows, body_rows in sizes:
        if fitting_rows(titles, width, (rows,), _TITLE_LINES_MAX[room.shape] + room.larger) < rows:
            continue
        if fitting_rows(bodies, width, (body_rows,), _BODY_LINES_MAX) < body_rows:
            continue
        lines = _most(wrap_alike(titles, width, rows)) * rows
        below = _most(wrap_alike(bodies, width, body_rows)) * body_rows
        if lines + below + (1 if any(bodies) else 0) + more <= height:
            return rows, body_rows
    return 1, 1


class NoticeCard(Container):
    """One language's words."""

    def __init__(self) -> None:
        super().__init__(classes="card-plain")
        self._title = Words(classes="title")
        self._body = Words(classes="words")

    def compose(self) -> ComposeResult:
        """Title and what to do."""
        yield self._title
        yield self._body

    def write(self, title: tuple[str, ...], rows: int, body: tuple[str, ...], body_rows: int) -> None:
        """Show their lines."""
        self._title.write_lines(title, rows)
        self._body.display = any(body)
        self._body.write_lines(body, body_rows)

    def even_out(self, title_height: int, body_height: int) -> None:
        """Take as much room as the card of any other language."""
        self._title.styles.height, self._body.styles.height = title_height, body_height


def notice_at(moment: Moment, language: LanguageCode) -> tuple[str, str]:
    """Title and body of the moment's scene in a language."""
    match moment.kiosk.scene:
        case Scene.CONNECTING:
            return moment.say_in(language, "kiosk.one_moment"), ""
        case Scene.OFFLINE:
            title = moment.say_in(language, "kiosk.ticket_at_reception")
            return title, moment.say_in(language, "kiosk.screen_out_of_order")
    opening = None
    if moment.local is not None and not within_hours(moment.centre, moment.local, _holidays(moment)):
        opening = next_opening(moment.centre, moment.local, _holidays(moment))
    if opening is None:
        reception = moment.say_in(language, "kiosk.ask_reception")
        return moment.say_in(language, "kiosk.no_tickets_now"), reception
    title, time = moment.say_in(language, "kiosk.closed"), time_of(language, opening)
    if moment.local is not None and opening.date() == moment.local.date():
        return title, moment.say_in(language, "kiosk.opens_today", time=time)
    return title, moment.say_in(
        language, "kiosk.opens", day=long_date_of(language, opening.date()), time=time
    )


def too_small_words(moment: Moment) -> str:
    """What stands on a screen too small for any scene: why, and where there are tickets."""
    why, instead = moment.say_all("kiosk.screen_too_small"), moment.say_all("kiosk.ticket_at_reception")
    return "\n\n".join(map("\n".join, zip(why, instead, strict=True)))


def in_hours(moment: Moment) -> bool:
    """Whether somebody of the centre is there, as far as its hours tell."""
    if moment.local is None or within_hours(moment.centre, moment.local, _holidays(moment)):
        return True
    return next_opening(moment.centre, moment.local, _holidays(moment)) is None


def _holidays(moment: Moment) -> tuple[DayDate, ...]:
    """As the newest view tells them."""
    return () if moment.kiosk.view is None else moment.kiosk.view.holidays
