"""Pictograms for where four rows are too many: three beside a field's letter, two on a button of the foot."""

from config.look.lettering import cells_of, columns_of

SMALL_ROWS = 3
SIGN_ROWS = 2

# the first pixels and the last stay free, as below: on a tile of three rows a picture would touch its edges
_SMALL = {
    "signpost": """
............
.#########..
.##########.
.#########..
.....##.....
..#########.
.##########.
....####....
............
""",
    "book": """
............
.####..####.
#...#..#...#
#####..#####
#...#..#...#
#####..#####
.####..####.
.....##.....
............
""",
    "briefcase": """
............
....####....
...##..##...
############
####....####
#####..#####
############
.##########.
............
""",
    "rocket": """
............
.....##.....
....####....
...##..##...
...######...
..########..
.##.####.##.
.....##.....
............
""",
    "globe": """
............
....####....
..##.##.##..
.##########.
.#...##...#.
.##########.
..##.##.##..
....####....
............
""",
    "arrows": """
............
........##..
###########.
........##..
............
..##........
.###########
..##........
............
""",
    "help": """
............
..########..
.###....###.
#######..###
#####..#####
############
.####..####.
..########..
............
""",
    "speech": """
............
..########..
.##########.
.##.##.##.#.
.##########.
..########..
...##.......
...#........
............
""",
}

# the uppermost pixels stay free: a sign that reaches the edge of its button melts into the page above
_SIGNS = {
    "bell": """
........
...##...
..####..
.######.
########
...##...
""",
    "listen": """
........
...#..#.
.###...#
####.#.#
.###...#
...#..#.
""",
    "larger": """
........
.##...#.
#..#.###
####..#.
#..#....
#..#....
""",
    "contrast": """
........
..####..
.#..####
#...####
.#..####
..####..
""",
}


def small_pictogram(name: str) -> tuple[str, ...]:
    """The picture of this name, 6 columns wide and 3 rows high."""
    return cells_of(columns_of(_SMALL[name].split()), SMALL_ROWS)


def sign(name: str) -> tuple[str, ...]:
    """The sign of a button of the foot, 4 columns wide and 2 rows high."""
    return cells_of(columns_of(_SIGNS[name].split()), SIGN_ROWS)
