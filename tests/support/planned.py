"""Small days of two fields and two languages, put together by hand or by hypothesis."""

from hypothesis import strategies as st

from walkin.planning.day import Day, Duty, Habits, Leg, Span, Visitor

FIELDS = ("work", "study")
LANGUAGES = ("fr", "nl")
CLOSES_MIN = 240.0
LIMIT_MIN = 45
WRAP_UP_MIN = 2.0
WALK_MIN = 1.0


def habits(*, out_of_order_share: float = 0.0, pace: float = 1.0) -> Habits:
    return Habits(
        closes_min=CLOSES_MIN,
        limits_min=dict.fromkeys(FIELDS, LIMIT_MIN),
        languages=LANGUAGES,
        walk_min=WALK_MIN,
        no_show_takes_min=3.0,
        last_call_before_end_min=10.0,
        no_transfer_before_close_min=30.0,
        least_min=4.0,
        pace=pace,
        out_of_order_share=out_of_order_share,
    )


def leg(field: str, session_min: float) -> Leg:
    return Leg(field=field, session_min=session_min, overrun_min=2.0, wrap_up_min=WRAP_UP_MIN)


def visitor(
    arrives_min: float,
    field: str = "work",
    *languages: str,
    session_min: float = 20.0,
    then: Leg | None = None,
    priority: bool = False,
    comes: bool = True,
    patience_min: float | None = None,
) -> Visitor:
    return Visitor(
        arrives_min=arrives_min,
        languages=languages or ("fr",),
        priority=priority,
        first=leg(field, session_min),
        then=then,
        comes=comes,
        patience_min=patience_min,
    )


def duty(
    counsellor: str,
    fields: tuple[str, ...] = ("work",),
    languages: tuple[str, ...] = ("fr",),
    *,
    ends_min: float = CLOSES_MIN,
    breaks: tuple[Span, ...] = (),
    absences: tuple[Span, ...] = (),
    **further: float,
) -> Duty:
    return Duty(
        counsellor=counsellor,
        fields=fields,
        languages=languages,
        begins_min=further.pop("begins_min", 0.0),
        ends_min=ends_min,
        stays=ends_min >= CLOSES_MIN,
        breaks=breaks,
        absences=absences,
        **further,
    )


def a_day(visitors: list[Visitor], duties: list[Duty], *, seed: int = 1, **off_course: float) -> Day:
    return Day(
        seed=seed,
        habits=habits(**off_course),
        visitors=tuple(sorted(visitors, key=lambda visitor: visitor.arrives_min)),
        duties=tuple(duties),
    )


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """One of them or more, in any order."""
    return st.lists(st.sampled_from(words), min_size=1, unique=True).map(tuple)


instants = st.integers(0, int(CLOSES_MIN) - 30).map(float)
spans = st.builds(Span, instants, st.integers(5, 45).map(float))
legs = st.builds(leg, st.sampled_from(FIELDS), st.integers(2, 60).map(float))


@st.composite
def some_visitors(draw: st.DrawFn, *, plain: bool = False) -> list[Visitor]:
    """Up to sixteen; plain ones have no priority and are not transferred."""
    count = draw(st.integers(0, 16))
    return [
        Visitor(
            arrives_min=draw(instants),
            languages=draw(some(LANGUAGES)),
            priority=not plain and draw(st.booleans()),
            first=draw(legs),
            then=None if plain else draw(st.none() | legs),
            comes=draw(st.integers(0, 9)) > 0,
            patience_min=draw(st.none() | st.integers(1, 60).map(float)),
        )
        for _ in range(count)
    ]


@st.composite
def some_duties(draw: st.DrawFn) -> list[Duty]:
    """One to five, of whom some leave before closing, with breaks and absences."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        begins_min = draw(st.sampled_from((0.0, 0.0, 30.0, 100.0)))
        found.append(
            duty(
                f"c{number}",
                draw(some(FIELDS)),
                draw(some(LANGUAGES)),
                begins_min=begins_min,
                ends_min=draw(st.sampled_from((begins_min + 60, 200.0, CLOSES_MIN, CLOSES_MIN))),
                breaks=tuple(sorted(draw(st.lists(spans, max_size=2)))),
                absences=tuple(sorted(draw(st.lists(spans, max_size=1)))),
                speed=draw(st.sampled_from((0.8, 1.0, 1.25))),
            )
        )
    return found
