"""Pages of many pictures side by side, each with what it shows, and the index of the pages."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from support.painter import save

WIDTH_DOTS = 1500
"""About what a screen shows at once."""
GAP_DOTS = 12
CAPTION_DOTS = 20
GROUND, INK = (232, 232, 236), (40, 40, 48)
CAPTION_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CAPTION_SIZE = 13

INDEX_HEAD = """# Pictures

What people stand before, made by `make pictures` from the programs themselves: nothing here is drawn by hand.
Each page shows a program in one layout, every state once, the languages in turn. `make pictures` makes further
pictures below this directory, every state in every language and layout, which are not kept in the repository.
"""


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
