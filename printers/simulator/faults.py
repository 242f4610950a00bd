"""What is wrong with the printer and its cable just now, apart from paper, cover and cutter."""

from typing import Literal

from msgspec import Struct

Break = Literal["rst", "fin"]
"""How a connection ends: torn (RST), or closed politely (FIN)."""
Second = Literal["waits", "refused"]
"""What a host meets that connects while another is served."""


class Faults(Struct, kw_only=True):
    """Set by the person or the test that plays the fault; read by the parts of the printer."""

    powered: bool = True
    mute: bool = False
    """Answers nothing."""
    deaf: bool = False
    """Reads nothing, yet prints and answers what it has."""
    frozen: bool = False
    """Hung firmware: reads, prints and answers nothing; the network card keeps the connection."""
    black_hole: bool = False
    """The cable is out: nothing passes either way, no connection notices."""
    refusing: bool = False
    """The port is closed; on a serial line the device is gone."""
    other_host: bool = False
    """Another computer is served, or waits for its turn."""
    second: Second = "waits"
    dots_per_s: float | None = None
    """Slower than it could be."""
    break_at: tuple[int, Break] | None = None
    """The link breaks once, when so many bytes have been received since the printer was made."""
    break_for_reply: Break | None = None
    replies_lost: int = 0
    idle_close: tuple[float, Break] | None = None
    """Seconds without a byte after which the network card ends the connection it serves."""
    chatter_s: float | None = None
    """Automatic status every so many seconds, asked for or not."""

    @property
    def reads(self) -> bool:
        """Bytes from the host come in."""
        return self.powered and not (self.deaf or self.frozen or self.black_hole)

    @property
    def moves(self) -> bool:
        """The firmware runs, and with it the mechanism."""
        return self.powered and not self.frozen

    @property
    def present(self) -> bool:
        """The port is open; on a serial line the device is there."""
        return not self.refusing

    def words(self) -> list[str]:
        """Every fault in force, in the words of the person who plays it."""
        return [
            word
            for word, holds in (
                ("power off", not self.powered),
                ("mute", self.mute),
                ("deaf", self.deaf),
                ("frozen", self.frozen),
                ("black hole", self.black_hole),
                ("refusing", self.refusing),
                ("busy with another host", self.other_host),
                ("a second connection is refused", self.second == "refused"),
                (f"slow, {self.dots_per_s:g} dots/s" if self.dots_per_s else "", bool(self.dots_per_s)),
                (f"{self.break_at[1]} soon" if self.break_at else "", bool(self.break_at)),
                (f"{self.break_for_reply} instead of a reply", self.break_for_reply is not None),
                (f"loses {self.replies_lost} replies", bool(self.replies_lost)),
                (_idle(self.idle_close), self.idle_close is not None),
                (f"chatter every {self.chatter_s:g} s" if self.chatter_s else "", bool(self.chatter_s)),
            )
            if holds
        ]


def _idle(close: tuple[float, Break] | None) -> str:
    return f"{close[1]} after {close[0]:g} s idle" if close else ""
