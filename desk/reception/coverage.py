"""Which fields nobody serves in which official language, now or later, or one person alone. Pure."""

from collections.abc import Sequence
from math import ceil

from textual.content import Content

from config.look import palette
from desk.words import Voice
from protocol.coverage import CellCover, CoverLevel

GAP = 3
"""Columns between two that stand side by side."""
HEAD_ROWS = 2
"""A row of air, and what the lines are."""


def coverage_lines(coverage: Sequence[CellCover], voice: Voice, width: int, rows: int) -> list[Content]:
    """A head and what is not safely covered, the worst first; nothing when all is.

    In so many columns and rows at most: two side by side if need be, and the last place says how many
    there was no room for.
    """
    thin = _thin_lines(coverage, voice)
    room = rows - HEAD_ROWS
    if not thin or room < 1:
        return []
    wide = max(map(len, thin[::2])) + GAP
    beside = _most_beside(thin, width) if len(thin) > room else 1
    places = room * beside
    if len(thin) > places:
        more = voice.say("desk.bare_more", n=len(thin) - places + 1)
        thin = [*thin[: places - 1], Content.styled(more, palette.MUTED)]
    padded = [one.pad_right(max(wide - len(one), 0)) for one in thin]
    lines = [Content().join(padded[first : first + beside]) for first in range(0, len(padded), beside)]
    return [Content(), Content.styled(voice.say("reception.coverage"), "bold"), *lines]


def coverage_rows(coverage: Sequence[CellCover], voice: Voice, width: int) -> int:
    """The fewest rows that say all of it in so many columns; none when there is nothing to say."""
    thin = _thin_lines(coverage, voice)
    return HEAD_ROWS + ceil(len(thin) / _most_beside(thin, width)) if thin else 0


def _thin_lines(coverage: Sequence[CellCover], voice: Voice) -> list[Content]:
    return [_line(one, voice) for one in sorted(filter(is_thin, coverage), key=_rank)]


def _most_beside(thin: Sequence[Content], width: int) -> int:
    """How many there is room for side by side."""
    left, right = (max(map(len, column), default=0) for column in (thin[::2], thin[1::2]))
    return 2 if left + GAP + right <= width else 1


def is_thin(cover: CellCover) -> bool:
    """Nobody serves it, or nobody will, or one person alone does."""
    return cover.level is not CoverLevel.GREEN or cover.gap_begins is not None


def _rank(cover: CellCover) -> tuple[int, float]:
    """Nobody now, then nobody soon, then one person alone."""
    if cover.level is CoverLevel.RED:
        return 0, 0.0
    return (2, 0.0) if cover.gap_begins is None else (1, cover.gap_begins.timestamp())


def _line(cover: CellCover, voice: Voice) -> Content:
    field = voice.centre.field(cover.field)
    said, style = _words(cover, voice)
    return Content.assemble(
        (f" {field.letter} ", f"bold #FFFFFF on {field.colour}"),
        (f" {cover.language.upper()}  ", "bold"),
        (said, style),
    )


def _words(cover: CellCover, voice: Voice) -> tuple[str, str]:
    begins, ends = cover.gap_begins, cover.gap_ends
    if cover.level is CoverLevel.RED:
        return _nobody_now(cover, voice), f"bold {palette.ALERT}"
    if begins is not None and ends is not None:
        said = voice.say("reception.nobody_from", begins=voice.time(begins), ends=voice.time(ends))
        return said, palette.ALERT
    return voice.say("reception.only_one", name=voice.first_name(cover.alone)), palette.INK


def _nobody_now(cover: CellCover, voice: Voice) -> str:
    """Until when, and when again."""
    if cover.gap_ends is None:
        return voice.say("reception.nobody")
    until = voice.time(cover.gap_ends)
    if cover.again_begins is None or cover.again_ends is None:
        return voice.say("reception.nobody_until", time=until)
    begins, ends = voice.time(cover.again_begins), voice.time(cover.again_ends)
    return voice.say("reception.nobody_again", time=until, begins=begins, ends=ends)
