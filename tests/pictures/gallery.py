"""Pages of many pictures side by side, each with what it shows, and the index of the pages."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from support.painter import save

WIDTH_DOTS, HEIGHT_DOTS = 1980, 1600
"""About what a screen shows at once."""
GAP_DOTS = 12
CAPTION_DOTS = 20
GROUND, INK = (232, 232, 236), (40, 40, 48)
CAPTION_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CAPTION_SIZE = 13

INDEX_HEAD = """# Pictures

What people stand before, made by `make pictures` from the programs themselves: nothing is drawn by hand.
Each page shows a program in one layout, one state of each screen, the languages in turn. `make pictures`
makes further pages and pictures below this directory, every state in every language, which the repository
does not keep; `make gallery` makes these pages alone. A test compares the same screens with how they were:
`make snapshots` says that they are meant as they are now.
"""


def pages(pictures: Mapping[str, Image.Image], path: Path) -> None:
    """As many pages as it takes: NAME-1.png and so on."""
    widest, highest = (max(getattr(one, side) for one in pictures.values()) for side in ("width", "height"))
    columns = max(1, (WIDTH_DOTS - GAP_DOTS) // (widest + GAP_DOTS))
    count = columns * max(1, HEIGHT_DOTS // (highest + CAPTION_DOTS + GAP_DOTS))
    names = list(pictures)
    for number, start in enumerate(range(0, len(names), count), start=1):
        some = {name: pictures[name] for name in names[start : start + count]}
        page(some, path.with_name(f"{path.name}-{number}.png"))


def page(pictures: Mapping[str, Image.Image], path: Path) -> Path:
    """A page of these pictures, each under its caption."""
    widest = max(picture.width for picture in pictures.values())
    columns = max(1, (WIDTH_DOTS - GAP_DOTS) // (widest + GAP_DOTS))
    lines = [list(pictures)[start : start + columns] for start in range(0, len(pictures), columns)]
    heights = [max(pictures[name].height for name in line) + CAPTION_DOTS + GAP_DOTS for line in lines]
    sheet = Image.new("RGB", (columns * (widest + GAP_DOTS) + GAP_DOTS, sum(heights) + GAP_DOTS), GROUND)
    draw = ImageDraw.Draw(sheet)
    top = GAP_DOTS
    for line, height in zip(lines, heights, strict=True):
        for place, name in enumerate(line):
            left = GAP_DOTS + place * (widest + GAP_DOTS)
            draw.text((left, top), name, font=_font(), fill=INK)
            sheet.paste(pictures[name].convert("RGB"), (left, top + CAPTION_DOTS))
        top += height
    return save(sheet.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE), path)


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if CAPTION_FONT.exists():
        return ImageFont.truetype(CAPTION_FONT, CAPTION_SIZE)
    return ImageFont.load_default(CAPTION_SIZE)


def write_index(pages: Sequence[tuple[str, str]], path: Path) -> None:
    """The index of these pages: title and file."""
    lines = [INDEX_HEAD]
    lines += [f"## {title}\n\n![{title}]({file})\n" for title, file in pages]
    path.write_text("\n".join(lines), encoding="utf-8")
