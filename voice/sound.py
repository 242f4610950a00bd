"""WAV files: the chime, silence cut off, recordings joined, loudness. Nothing but Python's own library."""

import math
import os
import sys
import wave
from array import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from voice.trouble import VoiceError

SAMPLE_BYTES = 2
"""16 bits: what every engine and every player knows."""
SILENT_BELOW = 200
"""Amplitude of 32767 that nobody hears in a hall; espeak-ng ends each clip with half a second of it."""
PAUSE_S = 0.12
"""Left after the last sound, so that the next clip does not run into it."""
SECONDS_MAX = 60.0
"""A clip is never longer: a WAV that says so is broken, or no clip."""
CHIME_RATE_HZ = 22_050
CHIME_TONES = ((659.26, 0.0, 1.1), (523.25, 0.4, 1.0))
"""A gong of two tones, E5 then C5: frequency in Hz, when it begins and how long it rings in seconds."""
CHIME_PEAK = 0.5
"""Of full scale; both tones together stay below distortion."""
_OVERTONES = ((1.0, 0.62), (2.0, 0.22), (3.01, 0.1), (4.2, 0.06))
"""Of a struck bar: frequency and strength beside the tone's own."""
_ATTACK_S = 0.006
"""A tone that begins at once clicks."""


class Sound(Struct, frozen=True):
    """Samples of one or more channels, interleaved."""

    rate_hz: int
    channels: int
    samples: "array[int]"

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return len(self.samples) / self.channels / self.rate_hz


def read(path: Path) -> Sound:
    """The sound in a WAV file of 16 bits; VoiceError when it is none, or longer than a clip may be."""
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, frames = file.getframerate(), file.getnchannels(), file.getnframes()
            if file.getsampwidth() != SAMPLE_BYTES:
                raise VoiceError(f"{path} is not 16 bits: convert it to a WAV of 16 bits.")
            if rate == 0:
                raise VoiceError(f"{path} does not say how fast it is to be played.")
            if frames > SECONDS_MAX * rate:
                frames = min(frames, path.stat().st_size // SAMPLE_BYTES)
            data = file.readframes(frames)
            whole = len(data) - len(data) % (SAMPLE_BYTES * channels)  # a file cut short may end within one
            samples = array("h", data[:whole])
    except (wave.Error, EOFError) as error:
        raise VoiceError(f"{path} is no WAV file of 16 bits.") from error
    except OSError as error:
        raise VoiceError(f"{path} cannot be read: {error.strerror}.") from error
    if sys.byteorder == "big":
        samples.byteswap()
    sound = Sound(rate, channels, samples)
    if sound.seconds > SECONDS_MAX:
        raise VoiceError(f"{path} is longer than {SECONDS_MAX:.0f} seconds.")
    return sound


def write(sound: Sound, path: Path) -> None:
    """As a WAV file, whole or not at all, after a power cut too; OSError when the disk will not."""
    samples = sound.samples
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("wb") as disk:
        with wave.open(disk, "wb") as file:
            file.setnchannels(sound.channels)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(sound.rate_hz)
            file.writeframes(samples.tobytes())
        disk.flush()
        os.fsync(disk.fileno())
    beside.replace(path)


def trimmed(sound: Sound) -> Sound:
    """Without the silence at its end, a short pause excepted."""
    samples = sound.samples
    end = len(samples)
    while end and -SILENT_BELOW < samples[end - 1] < SILENT_BELOW:
        end -= 1
    end += int(PAUSE_S * sound.rate_hz) * sound.channels
    end -= end % sound.channels
    return Sound(sound.rate_hz, sound.channels, samples[:end])


def softened(sound: Sound, percent: int) -> Sound:
    """At so many percent of its loudness."""
    if percent == 100:  # noqa: PLR2004 - all of it
        return sound
    samples = array("h", (sample * percent // 100 for sample in sound.samples))
    return Sound(sound.rate_hz, sound.channels, samples)


def joined(sounds: Sequence[Sound]) -> Sound:
    """One after the other; VoiceError when they were not recorded alike."""
    for before, after in pairwise(sounds):
        if (before.rate_hz, before.channels) != (after.rate_hz, after.channels):
            raise VoiceError("Recordings of one language need the same sample rate and number of channels.")
    samples: array[int] = array("h")
    for sound in sounds:
        samples.extend(sound.samples)
    return Sound(sounds[0].rate_hz, sounds[0].channels, samples)


def chime() -> Sound:
    """The gong before a call, 1.4 seconds."""
    length = max(begins + rings for _, begins, rings in CHIME_TONES)
    wanted = array("d", bytes(8 * math.ceil(length * CHIME_RATE_HZ)))
    for frequency, begins, rings in CHIME_TONES:
        first = int(begins * CHIME_RATE_HZ)
        for turn in range(int(rings * CHIME_RATE_HZ)):
            at = turn / CHIME_RATE_HZ
            fade = min(1.0, at / _ATTACK_S) * math.exp(-4.2 * at / rings) * min(1.0, (rings - at) / 0.08)
            wanted[first + turn] += fade * sum(
                strength * math.sin(2 * math.pi * frequency * times * at) for times, strength in _OVERTONES
            )
    scale = CHIME_PEAK * 32767 / max(abs(sample) for sample in wanted)
    return Sound(CHIME_RATE_HZ, 1, array("h", (int(sample * scale) for sample in wanted)))
