"""Large letters that reach the upper edge of what they stand on, found cell by cell."""

from collections.abc import Iterator, Sequence

from support.cells import Cells, Colour, Look

_SEXTANTS = (0x1FB00, 0x1FB3B)
_UPPER_PIXELS = 0b11
"""Of a sextant's six, from the upper left on."""

Cell = tuple[str, Look]


def touches(cells: Cells) -> Iterator[tuple[int, int]]:
    """Row and column of large letters' pixels right below another ground or the screen's edge.

    A letter's tail may reach the lower edge, where a tile has no row to spare. The sides of a tile, drawn in
    whole blocks, are no letters.
    """
    above: Sequence[Cell] | None = None
    for number, row in enumerate(cells.rows):
        here = [(character, run.look) for run in row for character in run.text]
        for column, (character, look) in enumerate(here):
            if _SEXTANTS[0] <= ord(character) <= _SEXTANTS[1] and _bits(character) & _UPPER_PIXELS:
                ground = None if above is None else _lowest(*above[column])
                if ground not in {look.ink, look.paper}:
                    yield number, column
        above = here


def _bits(sextant: str) -> int:
    """Its pixels; the two halves and the whole block are no sextants."""
    bits = ord(sextant) - _SEXTANTS[0] + 1
    for left_out in (0b010101, 0b101010):
        bits += bits >= left_out
    return bits


def _lowest(character: str, look: Look) -> Colour:
    """The colour at a cell's lower edge; of a letter, that of its ground."""
    return look.ink if character in "█▄" else look.paper
