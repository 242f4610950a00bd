"""What would have nobody if a desk paused."""

from datetime import timedelta

from support.views import NOW

from protocol.coverage import Bare


def bare_cells(count: int = 2) -> tuple[Bare, ...]:
    """What nobody would serve if desk 3 paused: for the first two wait, the last not before closing."""
    cells = [("mobility", "nl"), ("training", "fr"), ("employment", "nl"), ("education", "nl")]
    cells += [("entrepreneurship", "fr"), ("entrepreneurship", "nl")]
    ends = [*(NOW + timedelta(minutes=10 * minutes) for minutes in range(3, count + 2)), None]
    return tuple(
        Bare(field=field, language=language, until=until, waiting=max(0, 2 - place))
        for place, ((field, language), until) in enumerate(zip(cells[:count], ends, strict=True))
    )
