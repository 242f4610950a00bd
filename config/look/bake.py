"""Bakes the big letters: hinted 1-bit masks of DejaVu Sans Bold, into lettering.json.

Run `python -m config.look.bake` after changing the characters or the sizes; terminals only read the result.
Needs Pillow and the font.
"""

import base64
import json
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from config.look.lettering import (
    ACCENTED_ROWS,
    CAPITAL_ROWS,
    LETTERING_FILE,
    PIXELS_PER_ROW,
    TEXT_ROWS,
    is_accented,
)

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"

TEXT_SIZES = {3: (10, 2), 4: (13, 3), 5: (16, 3), 6: (19, 4), 7: (22, 5)}
"""Rows of a line: pixel size whose capitals and descenders fill it, and pixels below the baseline."""
BEARING_PX_MAX = {3: 1, 4: 1, 5: 1, 6: 2, 7: 2}
"""Blank columns at either side of a letter: hinting narrows some letters more than their advance."""
CAPITAL_SIZES = {
    3: 13,
    4: 16,
    5: 20,
    6: 24,
    7: 29,
    8: 33,
    9: 37,
    10: 41,
    11: 45,
    12: 49,
    13: 53,
    14: 57,
    15: 62,
    16: 66,
}
"""Rows of a line: pixel size whose capitals fill it."""

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = " .,:;!?'’‘\"“”„«»()[]+-–—−=/·•…%&@#€*°→←↑↓✓✗×÷±§£²³½¼¾¿¡|~<>_"
APOSTROPHES = "'’"
ACCENTED_CAPITALS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽ"
ACCENTED = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžß"
ABOVE = "ÀÂÄÈÉÊËÎÏÔÖÙÛÜ"
"""Accented capitals of the languages spoken: the letter under each of these is as high as any other."""
ACCENTED_SIZE_MIN = 10
"""Smaller letters have strokes of one pixel."""
MARK_PX = 2
"""Height of an accent, at least."""
LARGE_SIGNS = " .:-–+→/!?"
LARGE_FROM_ROWS = ACCENTED_ROWS[-1] + 1
"""From here on only ticket numbers and times are set: no accents, few signs."""

Rows = list[list[bool]]

REDRAWN = {
    3: {
        "6": """
........
..####..
.##.....
.##.....
.#####..
.##..##.
.##..##.
..####..
........
""",
        "9": """
........
..####..
.##..##.
.##..##.
..#####.
.....##.
.....##.
..####..
........
""",
        "X": """
........
.##..##.
.##..##.
..####..
...##...
..####..
.##..##.
.##..##.
........
""",
    }
}
"""Letters of mixed text that hinting makes another sign of, by the rows of a line; '#' for ink."""


def drawn(character: str, size: int) -> tuple[Rows, int]:
    """The character's pixels, bearings included, and the index of the first row below the baseline."""
    font = ImageFont.truetype(FONT, size)
    advance = round(font.getlength(character))
    box = font.getbbox(character, anchor="ls")
    left, right = max(0, -int(box[0])), max(advance, int(box[2]) + (1 if character.strip() else 0))
    image = Image.new("1", (left + right, 3 * size), 0)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.text((left, 2 * size), character, font=font, fill=1, anchor="ls")
    pixels = image.load()
    assert pixels is not None
    return [[bool(pixels[x, y]) for x in range(image.width)] for y in range(image.height)], 2 * size


def inked(rows: Rows) -> tuple[int, int]:
    """First row with ink and the row after the last; (0, 0) for a blank."""
    used = [y for y, row in enumerate(rows) if any(row)]
    return (used[0], used[-1] + 1) if used else (0, 0)


def squeezed(rows: Rows, height: int) -> Rows:
    """The rows without some of those most like the row above: strokes keep their weight."""
    rows = list(rows)
    while len(rows) > height:
        middle = len(rows) / 2
        costs = [
            (sum(a != b for a, b in zip(rows[y], rows[y - 1], strict=True)), abs(y - middle), y)
            for y in range(1, len(rows))
        ]
        del rows[min(costs)[2]]
    return rows


def split_accent(character: str, rows: Rows, size: int) -> tuple[Rows, Rows]:
    """The accent above the letter (with its gap) and the letter; no accent for a letter without one."""
    base = unicodedata.normalize("NFD", character)[0]
    if base == character:
        return [], rows
    base_rows, baseline = drawn("ı" if base == "i" else base, size)
    height = baseline - inked(base_rows)[0]
    above = len(rows) - height
    return (rows[:above], rows[above:]) if above > 0 else ([], rows)


def above_baseline(character: str, rows: Rows, size: int, ascent: int) -> Rows:
    """The ink above the baseline in at most `ascent` rows: a capital shrinks under its accent."""
    accent, letter = split_accent(character, rows, size)
    if not accent:
        return squeezed(rows, ascent)
    mark = accent[: inked(accent)[1]]
    gap = [[False] * len(rows[0])]
    if character.isupper():
        letter = squeezed(letter, max(ascent - len(mark) - 1, round(ascent * 0.7)))
    if len(mark) + 1 + len(letter) > ascent:
        gap = []
    mark = squeezed(mark, max(1, ascent - len(gap) - len(letter)))
    letter = squeezed(letter, ascent - len(gap) - len(mark))
    return mark + gap + letter


def accented_size(rows: int) -> int:
    """Pixel size at which capitals with accents fill so many rows, or the least that has strong strokes."""

    def suffices(size: int) -> bool:
        drawings = (drawn(character, size) for character in ABOVE)
        return all(baseline - inked(pixels)[0] <= rows * PIXELS_PER_ROW for pixels, baseline in drawings)

    return max(ACCENTED_SIZE_MIN, *filter(suffices, range(PIXELS_PER_ROW, CAPITAL_SIZES[rows])))


def under_accents(character: str, size: int, height: int) -> Rows:
    """The character at the foot of a frame of `height` pixels, its accent above: all letters are as high."""
    base = unicodedata.normalize("NFD", character)[0] if is_accented(character) else character
    capital, baseline = drawn("E", size)
    letter_height = min(baseline - inked(capital)[0], height - MARK_PX - 1)
    letter = fitted(base, size, letter_height, 0)
    blank = [False] * len(letter[0])
    if base == character:
        return [blank] * (height - letter_height) + letter
    rows, baseline = drawn(character, size)
    accent, _ = split_accent(character, rows[inked(rows)[0] : baseline], size)
    mark = squeezed(accent[: inked(accent)[1]], height - letter_height - 1)
    return [blank] * (height - letter_height - 1 - len(mark)) + mark + [blank] + letter


def fitted(character: str, size: int, height: int, descent: int) -> Rows:
    """The character in a frame of `height` pixels, `descent` of them below the baseline.

    The last of these stays blank, for `lowered`. The first is for a capital under its accent too: above the
    baseline it would be as small as a small letter.
    """
    rows, baseline = drawn(character, size)
    top, bottom = inked(rows)
    blank = [False] * len(rows[0])
    if bottom == 0:
        return [blank] * height
    if character.isalpha() and bottom == baseline - 1:
        rows, top, bottom = [blank, *rows], top + 1, baseline  # hinting lifted it off the line
    if bottom - baseline > descent:
        whole = squeezed(rows[top:bottom], height)
        return lifted([blank] * (height - len(whole)) + whole, descent)
    ascent = height - descent + (int(descent > 0) if character.isupper() and is_accented(character) else 0)
    lift = max(0, baseline - bottom)
    above = above_baseline(character, rows[min(top, baseline) : baseline - lift], size, ascent - lift)
    below = [blank] * lift + rows[baseline:bottom]
    filled = [blank] * (ascent - lift - len(above)) + above + below
    return lifted(filled + [blank] * (height - len(filled)), descent)


def lifted(frame: Rows, descent: int) -> Rows:
    """The frame with a blank last row where letters have tails; squeezed as a whole: "g" keeps its hook."""
    if descent == 0 or not any(frame[-1]):
        return frame
    top = inked(frame)[0]
    tail = frame[top:]
    kept = squeezed(tail, len(tail) - 1) if len(tail) > 1 else tail
    return [*frame[: len(frame) - len(kept) - 1], *kept, [False] * len(frame[0])]


def lowered(frame: Rows) -> Rows:
    """The frame with its blank last row above it.

    Lines have no leading: a tail would touch the accent under it, a letter the edge of what it stands on.
    """
    return [frame[-1], *frame[:-1]]


def packed(rows: Rows) -> str:
    """Width and pixels, row after row, as text."""
    bits = "".join("1" if pixel else "0" for row in rows for pixel in row)
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return f"{len(rows[0])} {base64.b64encode(body).decode('ascii')}"


def tightened(rows: Rows, bearing: int) -> Rows:
    """The glyph with at most `bearing` blank columns at either side, and at least one at the right."""
    used = [x for x in range(len(rows[0])) if any(row[x] for row in rows)]
    if not used:
        return rows
    first, last = max(0, used[0] - bearing), used[-1] + 1 + bearing
    return [[*row, False][first:last] for row in rows]


def alphabet(characters: str, size: int, rows: int, descent: int | None) -> dict[str, str]:
    """Every character at one size; without a `descent` capitals, under their accents."""
    height = rows * PIXELS_PER_ROW
    bearing = BEARING_PX_MAX.get(rows, rows // 3)
    baked = {}
    for character in sorted(set(characters)):
        glyph = (
            under_accents(character, size, height)
            if descent is None
            else fitted(character, size, height, descent)
        )
        if descent:
            redrawn = REDRAWN.get(rows, {}).get(character)
            glyph = (
                lowered(glyph) if redrawn is None else [[p == "#" for p in row] for row in redrawn.split()]
            )
        baked[character] = packed(
            tightened(glyph, bearing) if character.isalpha() or character in APOSTROPHES else glyph
        )
    return baked


def main() -> None:
    """Write lettering.json."""
    text = DIGITS + CAPITALS + CAPITALS.lower() + SIGNS + ACCENTED_CAPITALS + ACCENTED
    small = DIGITS + CAPITALS + SIGNS + ACCENTED_CAPITALS
    large = DIGITS + CAPITALS + LARGE_SIGNS
    baked = {
        "text": {rows: alphabet(text, TEXT_SIZES[rows][0], rows, TEXT_SIZES[rows][1]) for rows in TEXT_ROWS},
        "capitals": {
            rows: alphabet(small if rows < LARGE_FROM_ROWS else large, CAPITAL_SIZES[rows], rows, 0)
            for rows in CAPITAL_ROWS
        },
        "accented": {rows: alphabet(small, accented_size(rows), rows, None) for rows in ACCENTED_ROWS},
    }
    Path(__file__).with_name(LETTERING_FILE).write_text(
        json.dumps(baked, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
