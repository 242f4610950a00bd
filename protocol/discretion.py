"""Values that carry a secret do not show it: they may come into a log, a trace or an error."""

from msgspec import Struct


def hidden(value: Struct, *secrets: str) -> str:
    """A value's own representation, where these fields say only whether there is anything in them."""
    shown = (
        f"{name}={('…' if getattr(value, name) else '') if name in secrets else repr(getattr(value, name))}"
        for name in value.__struct_fields__
    )
    return f"{type(value).__name__}({', '.join(shown)})"
