"""What can keep a day from being played at all; differences found in a day are no errors."""


class DayError(Exception):
    """The day cannot go on; the sentence says what to do."""


def first_of(error: BaseException) -> BaseException:
    """The first trouble inside groups of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
