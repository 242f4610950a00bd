"""What goes wrong with voices: a sentence for whoever looks after the screen, never one for the hall."""


class VoiceError(Exception):
    """Something cannot be spoken or played; its sentence says why and what to do."""


class LateError(VoiceError):
    """A program did not end within its time: it hangs, and will most likely hang again."""


class MissingError(VoiceError):
    """A program, a recording or a player is not there: nothing is broken, something was not installed."""
