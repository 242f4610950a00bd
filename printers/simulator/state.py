"""The printer as an operator sees it, and what it says about itself by the ESC/POS manuals."""

from msgspec import Struct

NEAR_END_DOTS = 2_000
"""About 25 cm of paper left: the near-end sensor of a common printer."""
FULL_ROLL_DOTS = 640_000
"""80 m at 203 dots per inch."""

CUTS = 50
CUTS_EVER = 178
"""Maintenance counters of the cutter by their numbers in the manuals; the first can be set to nought."""
FIRMWARE = "1.00"
SERIAL_NUMBER = "SIMULATED"
NUMBERS = {1: b"\x20", 2: b"\x02", 3: b"\x01", 49: b"\x20", 50: b"\x02", 51: b"\x01"}
"""GS I: a number for the model, for its type (it has a cutter), for its firmware."""


class Abilities(Struct, frozen=True, kw_only=True):
    """Questions this printer answers; cheap copies of well-known printers answer few."""

    real_time: bool = True
    """DLE EOT."""
    process_ids: bool = True
    """GS ( H."""
    counters: bool = True
    """GS g 2."""
    sensors: bool = True
    """GS r."""
    clearing: bool = True
    """DLE DC4 8."""
    identity: bool = True
    """GS I."""
    maker: str = "EPSON"
    model: str = "TM-T88V"

    def says_of_itself(self, what: int) -> bytes:
        """GS I: one byte of numbers, or a name; nothing for what the manuals do not list."""
        names = {65: FIRMWARE, 66: self.maker, 67: self.model, 68: SERIAL_NUMBER}
        if what in names:
            return b"\x5f" + names[what].encode("ascii") + b"\x00"
        return NUMBERS.get(what, b"")


DUMB = Abilities(
    real_time=False, process_ids=False, counters=False, sensors=False, clearing=False, identity=False
)
"""Prints, and says nothing at all."""


class State(Struct, kw_only=True):
    """Paper, cover and cutter; the counters of cuts survive a power failure, as a rule."""

    paper_dots: int = 10**9
    cover_open: bool = False
    cutter_jammed: bool = False
    cuts: int = 0
    """Since a host set it to nought."""
    cuts_ever: int = 0

    @property
    def counters(self) -> dict[int, int]:
        """What GS g 2 tells, by number."""
        return {CUTS: self.cuts, CUTS_EVER: self.cuts_ever}

    @property
    def paper_out(self) -> bool:
        """The end sensor sees no paper."""
        return self.paper_dots <= 0

    @property
    def offline(self) -> bool:
        """The mechanism stands still."""
        return self.cover_open or self.paper_out or self.cutter_jammed

    def answer(self, request: int) -> bytes:
        """DLE EOT 1 printer, 2 cause of offline, 3 error, 4 paper."""
        bits = {
            1: 0x04 | (0x08 if self.offline else 0),
            2: (0x04 if self.cover_open else 0)
            | (0x20 if self.paper_out else 0)
            | (0x40 if self.cutter_jammed else 0),
            3: 0x08 if self.cutter_jammed else 0,
            4: (0x0C if self.near_end else 0) | (0x60 if self.paper_out else 0),
        }
        return bytes([0x12 | bits[request]])

    @property
    def near_end(self) -> bool:
        """The near-end sensor sees the core of the roll."""
        return self.paper_dots <= NEAR_END_DOTS

    def automatic(self) -> bytes:
        """The four bytes of automatic status back (GS a)."""
        first = 0x14 | (0x08 if self.offline else 0) | (0x20 if self.cover_open else 0)
        error = 0x08 if self.cutter_jammed else 0
        paper = (0x03 if self.near_end else 0) | (0x0C if self.paper_out else 0)
        return bytes([first, error, paper, 0x0F])

    def sensors(self) -> bytes:
        """GS r 1 and ESC v: the paper sensors, in order of the commands."""
        return bytes([0x03 if self.near_end else 0])

    def offline_cause(self) -> bytes:
        """One byte of 40h-7Fh for the offline response (GS ( H 49); its bits differ between models."""
        cover, paper, error = self.cover_open << 2, self.paper_out << 5, self.cutter_jammed << 3
        return bytes([0x40 | cover | paper | error])
