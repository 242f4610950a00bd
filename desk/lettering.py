"""Big letters that fit where they stand."""

from config.look.lettering import largest_rows, mosaic


def fitting(text: str, width: int, choices: tuple[int, ...]) -> tuple[str, ...]:
    """The text in capitals at the largest of these heights that fits; plain when none does."""
    rows = largest_rows([text], width, choices, capitals=True)
    return mosaic(text, rows, capitals=True)
