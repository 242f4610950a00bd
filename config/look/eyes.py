"""How far apart two colours are to an eye, also to one that lacks a kind of cone.

Simulated by the matrices of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.0, on linear sRGB; the distance is CIEDE2000 (CIE
142:2001; Sharma, Wu and Dalal, Color Research & Application 30(1), 2005, whose test data the tests have).
"""

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations

from config.look.palette import linear

Matrix = tuple[tuple[float, float, float], ...]
Lab = tuple[float, float, float]

EYES: dict[str, Matrix] = {
    "of any kind": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "without red (protanopia)": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "without green (deuteranopia)": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "without blue (tritanopia)": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
APART_MIN = 10.0
"""CIEDE2000 between two fields: 1 is just seen side by side, from 10 on colours differ at a glance."""
LABS_CACHED_MAX = 256

_TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27
_POW25_7 = 25.0**7
_HALF_TURN, _TURN = 180, 360


def apart(one: str, other: str) -> tuple[float, str]:
    """How far apart two colours are to the eyes that tell them apart least, and which eyes those are."""
    return min((ciede2000(_lab(one, eyes), _lab(other, eyes)), eyes) for eyes in EYES)


def alike(colours: Iterable[str], least: float = APART_MIN) -> Iterator[tuple[str, str, float, str]]:
    """Pairs that some eyes tell apart less well than this: both, how far apart, to which eyes."""
    for one, other in combinations(colours, 2):
        distance, eyes = apart(one, other)
        if distance < least:
            yield one, other, distance, eyes


@lru_cache(maxsize=LABS_CACHED_MAX)
def _lab(colour: str, eyes: str) -> Lab:
    """CIELAB, white D65, of a colour as these eyes see it."""
    seen = [min(1.0, max(0.0, part)) for part in _times(EYES[eyes], linear(colour))]
    x, y, z = (_bent(part / white) for part, white in zip(_times(_TO_XYZ, seen), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: Matrix, parts: Iterable[float]) -> list[float]:
    known = tuple(parts)
    return [sum(weight * part for weight, part in zip(row, known, strict=True)) for row in matrix]


def _bent(part: float) -> float:
    return math.cbrt(part) if part > _EPSILON else (_KAPPA * part + 16) / 116


def ciede2000(one: Lab, other: Lab) -> float:
    """The distance of two colours in CIELAB."""
    (light, a, b), (light2, a2, b2) = one, other
    mean = (math.hypot(a, b) + math.hypot(a2, b2)) / 2
    more = 1 + 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + _POW25_7)))
    chroma, chroma2 = math.hypot(a * more, b), math.hypot(a2 * more, b2)
    hue, hue2 = (math.degrees(math.atan2(q, p * more)) % _TURN for p, q in ((a, b), (a2, b2)))
    grey = not chroma * chroma2
    turn = 0.0 if grey else (hue2 - hue + _HALF_TURN) % _TURN - _HALF_TURN
    middle = hue + hue2 if grey else (hue + hue2) / 2
    if not grey and abs(hue - hue2) > _HALF_TURN:
        middle += _HALF_TURN if hue + hue2 < _TURN else -_HALF_TURN
    mean = (chroma + chroma2) / 2
    level = ((light + light2) / 2 - 50) ** 2
    wave = (
        1
        - 0.17 * _cos(middle - 30)
        + 0.24 * _cos(2 * middle)
        + 0.32 * _cos(3 * middle + 6)
        - 0.20 * _cos(4 * middle - 63)
    )
    in_light = (light2 - light) / (1 + 0.015 * level / math.sqrt(20 + level))
    in_chroma = (chroma2 - chroma) / (1 + 0.045 * mean)
    in_hue = 2 * math.sqrt(chroma * chroma2) * _sin(turn / 2) / (1 + 0.015 * mean * wave)
    bend = 2 * math.sqrt(mean**7 / (mean**7 + _POW25_7))
    skew = -_sin(60 * math.exp(-(((middle - 275) / 25) ** 2))) * bend
    return math.sqrt(in_light**2 + in_chroma**2 + in_hue**2 + skew * in_chroma * in_hue)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))
