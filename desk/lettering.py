"""Big letters that fit where they stand."""

from collections.abc import Sequence

from config.look.lettering import largest_rows, mosaic


def fitting(
    text: str, width: int, choices: tuple[int, ...], *, short: str = "", alike: Sequence[str] = ()
) -> tuple[str, ...]:
    """The text in capitals at the largest of these heights that fits; plain when none does.

    `short`: stands in its place where only this one fits.
    `alike`: the same in other languages; none of them stands smaller than the others.
    """
    for said in (text, short):
        rows = largest_rows([said, *alike], width, choices, capitals=True)
        if said and rows > 1:
            return mosaic(said, rows, capitals=True)
    return mosaic(text, 1)
