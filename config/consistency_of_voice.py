"""What the types cannot say about the voice of a centre."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from config.model import Centre, Voice
from config.problem import Problem, did_you_mean

MARKS = ("{text}", "{out}")
"""What a command needs to be told; {language} only when it speaks more than one."""


def in_voice(centre: Centre, written: Iterable[str], file: str) -> Iterator[Problem]:
    """Everything in the voice that contradicts itself; `written`: its keys as they stand in the file."""
    voice = centre.voice
    yield from _in_engine(voice, set(written), file)
    for language in voice.numbers:
        if language not in centre.languages.all:
            suggestion = did_you_mean(language, centre.languages.all)
            what = f"not a language of the centre: '{language}'"
            yield Problem(file, f"voice.numbers.{language}", what, suggestion)
    if voice.quiet is not None and voice.quiet.begins >= voice.quiet.ends:
        what = f"begins at {voice.quiet.begins:%H:%M}, not before it ends at {voice.quiet.ends:%H:%M}"
        yield Problem(file, "voice.quiet", what, "put begins before ends")


def _in_engine(voice: Voice, written: set[str], file: str) -> Iterator[Problem]:
    for key, example in (("clips", '"/var/lib/walkin-voice"'), ("command", '["piper", "{text}", "{out}"]')):
        if voice.engine == key and not getattr(voice, key):
            yield Problem(file, f"voice.{key}", f'engine = "{key}" needs it', f"add {key} = {example}")
        elif voice.engine != key and key in written:
            what = f'only for engine = "{key}"'
            yield Problem(file, f"voice.{key}", what, f'remove {key}, or write engine = "{key}"')
    if voice.engine == "clips" and voice.clips and not PurePosixPath(voice.clips).is_absolute():
        what = f"'{voice.clips}' depends on where a screen is started"
        yield Problem(file, "voice.clips", what, "write the whole path, from / on")
    if voice.engine == "command" and voice.command:
        for mark in MARKS:
            if not any(mark in word for word in voice.command):
                suggestion = f'put "{mark}" where the program takes it'
                yield Problem(file, "voice.command", f"{mark} is nowhere in it", suggestion)
