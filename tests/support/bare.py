"""What has nobody, or one person alone; and what would have nobody if a desk paused."""

from datetime import timedelta

from support.views import NOW

from protocol.coverage import Bare, CellCover, CoverLevel


def bare_cells(count: int = 2) -> tuple[Bare, ...]:
    """What nobody would serve if desk 3 paused: for the first two wait, the last not before closing."""
    cells = [("mobility", "nl"), ("training", "fr"), ("employment", "nl"), ("education", "nl")]
    cells += [("entrepreneurship", "fr"), ("entrepreneurship", "nl")]
    ends = [*(NOW + timedelta(minutes=10 * minutes) for minutes in range(3, count + 2)), None]
    return tuple(
        Bare(field=field, language=language, until=until, waiting=max(0, 2 - place))
        for place, ((field, language), until) in enumerate(zip(cells[:count], ends, strict=True))
    )


def thin_cells() -> tuple[CellCover, ...]:
    """A field with nobody until one, one with nobody over noon, and six with one person alone."""
    noon, one = NOW.replace(hour=12, minute=0), NOW.replace(hour=13, minute=0)
    lonely = [("education", "nl"), ("employment", "nl"), ("training", "fr"), ("entrepreneurship", "fr")]
    return (
        CellCover(field="mobility", language="nl", level=CoverLevel.RED, gap_begins=NOW, gap_ends=one),
        CellCover(field="training", language="nl", level=CoverLevel.GREEN, gap_begins=noon, gap_ends=one),
        *(
            CellCover(field=field, language=language, level=CoverLevel.AMBER, alone="c11")
            for field, language in lonely
        ),
    )
