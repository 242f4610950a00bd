"""What could still be read of a queue: on the screen, and in what a panel remembers."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from rich.text import Text
from textual.app import App
from textual.content import Content

from config.model import Centre
from config.phrases import Phrases
from desk.words import Voice
from protocol.views import StaffDesk, StaffTicket

CODE = re.compile("[A-Z][ \N{NO-BREAK SPACE}]?[0-9]{3}")
"""Of a ticket, however it is written."""
NOT_OF_THE_QUEUE = (Centre, Phrases, Voice, App, type, re.Pattern)


def written(app: App[Any]) -> str:
    """Everything that stands on the terminal, line by line."""
    app.screen.refresh(layout=True)
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def remembered(root: object) -> Iterator[str]:
    """Whatever names a ticket in all that can be reached from here, its place in the tree first."""
    seen: set[int] = set()
    ahead: list[tuple[str, object]] = [(type(root).__name__, root)]
    while ahead:
        path, thing = ahead.pop()
        if id(thing) in seen or isinstance(thing, NOT_OF_THE_QUEUE) or callable(thing):
            continue
        seen.add(id(thing))
        said = thing.plain if isinstance(thing, Text | Content) else thing
        if isinstance(thing, StaffTicket | StaffDesk) or (isinstance(said, str) and CODE.search(said)):
            yield f"{path}: {said}"
        ahead += [(f"{path}.{name}", part) for name, part in _parts(thing)]


def _parts(thing: object) -> Iterator[tuple[str, object]]:
    if isinstance(thing, dict):
        for key, value in list(thing.items()):
            yield "key", key
            yield str(key)[:20], value
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from ((str(index), part) for index, part in enumerate(list(thing)))
    elif isinstance(thing, msgspec.Struct):
        yield from msgspec.structs.asdict(thing).items()
    elif hasattr(thing, "__dict__"):
        yield from ((name, part) for name, part in vars(thing).items() if name not in {"_parent", "app"})
