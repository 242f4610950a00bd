"""The room that a text takes, for a screen to know what has to be laid out again."""

from rich.cells import cell_len


def shape_of(text: str) -> list[list[int]]:
    """How many cells each word of each line takes: of the same shape, nothing moves."""
    return [[cell_len(word) for word in line.split(" ")] for line in text.split("\n")]
