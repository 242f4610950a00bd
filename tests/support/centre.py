"""A small centre for tests: three fields, three languages, four desks, four counsellors, two kiosks."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.model import Centre, Counsellor, Desk, Field, Hours, Kiosk, Languages, Printer, Rules, Weekday

ZONE = ZoneInfo("Europe/Brussels")
MORNING = datetime(2026, 9, 15, 10, 0, tzinfo=ZONE)
"""A Tuesday, half an hour after the doors opened."""
WORKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")

ALL_ROUND = "staff-ar"
"""Covers every field in every language: nine cells."""
TRAINER = "staff-tr"
"""Covers training in French and Dutch: two cells."""
WORKER = "staff-wo"
"""Covers work in French: one cell."""
DUTCH = "staff-nl"
"""Covers training and work in Dutch: two cells."""

PRIVATE_WORDS = (
    "Quirina",
    "Zwaluwe",
    "Ysbrand",
    "Wolkenaer",
    "Xaverine",
    "Oudekerk",
    "Philibert",
    "Vandewiele",
    "Forumwerk",
    "Loopbaanpunt",
    "Jobhaven",
    ALL_ROUND,
    TRAINER,
    WORKER,
    DUTCH,
)
"""Everything that says who works here and for whom: never on a kiosk, a slip or a board."""


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def _texts(word: str) -> dict[str, str]:
    return {language: f"{word} {language}" for language in ("fr", "nl", "en")}


def _field(name: str, letter: str, colour: str) -> Field:
    return Field(
        id=name,
        label=_texts(name),
        noun=_texts(name),
        hint=_texts(name),
        letter=letter,
        colour=colour,
        session_limit_min=30,
    )


def _counsellor(
    key: str, name: str, organisation: str, fields: tuple[str, ...], languages: tuple[str, ...]
) -> Counsellor:
    return Counsellor(id=key, name=name, organisation=organisation, fields=fields, languages=languages)


def small_centre(rules: Rules | None = None, desks: tuple[str, ...] = ("1", "2", "3", "4")) -> Centre:
    """The test centre; kiosk-1 has a printer, kiosk-2 has none."""
    return Centre(
        id="smallville",
        name=_texts("centre"),
        place=_texts("desk"),
        timezone="Europe/Brussels",
        languages=Languages(official=("fr", "nl"), further=("en",)),
        rules=rules or Rules(),
        hours={day: Hours(opens=time(9, 30), closes=time(17, 0)) for day in WORKDAYS},
        fields=(
            _field("training", "T", "#003C32"),
            _field("work", "W", "#500A5A"),
            _field("abroad", "A", "#0000AA"),
        ),
        desks=tuple(Desk(id=desk) for desk in desks),
        counsellors=(
            _counsellor(
                ALL_ROUND,
                "Quirina Zwaluwe",
                "Forumwerk",
                ("training", "work", "abroad"),
                ("fr", "nl", "en"),
            ),
            _counsellor(TRAINER, "Ysbrand Wolkenaer", "Loopbaanpunt", ("training",), ("fr", "nl")),
            _counsellor(WORKER, "Xaverine Oudekerk", "Jobhaven", ("work",), ("fr",)),
            _counsellor(DUTCH, "Philibert Vandewiele", "Forumwerk", ("training", "work"), ("nl",)),
        ),
        printers=(Printer(name="printer-1", host="127.0.0.1"),),
        kiosks=(Kiosk(name="kiosk-1", printer="printer-1"), Kiosk(name="kiosk-2")),
    )
