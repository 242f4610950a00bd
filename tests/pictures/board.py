"""The board: what the waiting room sees, in both orders of the official languages."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from pictures.kiosk import DAYS, ORDERS, brussels, phrases
from pictures.stage import HandClock, Program, Scene, SilentLine, State, Story
from support.views import NOW, board_calls, board_view, field_queues

from display_board.terminal.app import BoardApp
from display_board.terminal.panel import BoardPanel
from protocol.views import BoardView

LAYOUTS = ((80, 24), (100, 30), (160, 45), (60, 60), (45, 48))
ANNOUNCED_S = 5.0
"""By then a call has been announced, and no page of news has turned."""
HELD_S = 3600.0
LOST_S = 125.0
MESSAGE = {
    "fr": "L’atelier CV de 14 heures a lieu dans la salle 2, au premier étage.",
    "nl": "De workshop over cv’s van 14 uur is in zaal 2, op de eerste verdieping.",
}
LONG_MESSAGE = {
    "fr": "L’ascenseur est en panne jusqu’à demain matin. Demandez de l’aide à l’accueil : nous venons"
    " vous chercher aussitôt.",
    "nl": "De lift is stuk tot morgenochtend. Vraag hulp aan het onthaal: wij komen u dan meteen halen op"
    " de benedenverdieping.",
}

NEWS = (
    {
        "fr": "Jeudi 24 septembre : journée des métiers de la ville.",
        "nl": "Donderdag 24 september: dag van de stadsberoepen.",
    },
)


def made(language: str) -> Scene:
    clock = HandClock()
    machine_says = datetime.fromisoformat(DAYS[language])
    panel = BoardPanel(SilentLine(), brussels(), phrases(), monotonic=clock, clock=lambda _: machine_says)
    return Scene(BoardApp(panel), panel, language, clock)


def showing(view: Callable[[str], BoardView]) -> Story:
    """The board has been shown this view of the day, and has announced what is new in it."""

    async def story(scene: Scene) -> None:
        scene.panel.show(view(DAYS[scene.language]))
        await asyncio.sleep(ANNOUNCED_S)

    return story


async def flashing(scene: Scene) -> None:
    """A call has just come; the first flash is held, however long it is looked at."""
    scene.panel._announcer._beat_s = HELD_S
    scene.panel.show(lately(6, DAYS[scene.language]))


async def connecting(_: Scene) -> None:
    """The board has just been switched on."""


def lost(for_s: float) -> Story:
    """The line has been lost for so long."""

    async def story(scene: Scene) -> None:
        await showing(lambda day: board_view(day=day))(scene)
        scene.panel.link_lost()
        scene.clock.pass_s(for_s)
        scene.panel._refresh()

    return story


def lately(count: int, day: str) -> BoardView:
    """So many calls, the newest a moment ago."""
    return board_view(day=day, calls=board_calls(count))


def evening(day: str) -> BoardView:
    """The last visitor has left."""
    nobody = field_queues(waiting={}, waiting_total=0)
    return board_view(day=day, at=NOW.replace(hour=19), open=False, fields=nobody, calls=board_calls(2))


STATES: dict[str, tuple[Story, str]] = {
    "connecting": (connecting, "connecting"),
    "nobody called yet": (showing(lambda day: board_view(day=day, calls=())), "welcome"),
    "one call": (showing(lambda day: lately(1, day)), ""),
    "flashing": (flashing, "call"),
    "five calls before": (showing(lambda day: lately(6, day)), "calls"),
    "no forecast": (showing(lambda day: board_view(day=day, fields=field_queues())), ""),
    "message": (showing(lambda day: board_view(day=day, message=MESSAGE)), "message"),
    "long message": (showing(lambda day: board_view(day=day, message=LONG_MESSAGE)), ""),
    "news": (showing(lambda day: board_view(day=day, news=NEWS)), ""),
    "no new tickets": (showing(lambda day: board_view(day=day, open=False)), ""),
    "closed": (showing(evening), "closed"),
    "line just lost": (lost(20.0), ""),
    "line lost": (lost(LOST_S), "line lost"),
}

BOARD = Program(
    name="board",
    layouts=LAYOUTS,
    made=made,
    states={name: State(story, ORDERS, guards) for name, (story, guards) in STATES.items()}
    | {
        "too small": State(
            showing(lambda day: lately(6, day)), ORDERS, layouts=((79, 24), (44, 47), (60, 20))
        )
    },
)
