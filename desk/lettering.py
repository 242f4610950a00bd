"""Big letters that fit where they stand."""

from collections.abc import Sequence

from config.look.lettering import largest_rows, mosaic


def fitting(text: str, width: int, choices: tuple[int, ...], *, alike: Sequence[str] = ()) -> tuple[str, ...]:
    """The text in capitals at the largest of these heights that fits; plain when none does.

    `alike`: the same in other languages; none of them stands smaller than the others.
    """
    rows = largest_rows([text, *alike], width, choices, capitals=True)
    return mosaic(text, rows, capitals=True)
