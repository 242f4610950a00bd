"""A centre without anybody in it: who reads a public screen or a slip cannot tell it from the real one."""

import re
from typing import Any

from msgspec.structs import replace
from textual.app import App

from config.model import Centre

PARTICLE_CHARS_MAX = 3
"""A name's "De" or "El" is a word of any sentence."""


def nobody_in(centre: Centre) -> Centre:
    """The same centre, where nobody works."""
    return replace(centre, counsellors=())


def named_in(text: str, centre: Centre) -> list[str]:
    """Names and employers of the team that stand in a text."""
    words = {word for one in centre.counsellors for word in (one.organisation, *one.name.split())}
    names = {word for word in words if len(word) > PARTICLE_CHARS_MAX}
    return sorted(word for word in names if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE))


def drawn(app: App[Any]) -> list[str]:
    """What is on a screen, cell by cell: also what is written in large letters."""
    return ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]
