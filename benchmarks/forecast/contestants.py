"""Who is measured. The server's own estimator is plugged in here, and nowhere else."""

from benchmarks.forecast.estimator import Contestant
from benchmarks.forecast.peers import DayAverage, LastToEnter, Zms

ZMS = Contestant(name="ZMS: (place + 1) x mean session / counsellors on duty", made=Zms)
PEERS = (
    Contestant(name="today's average wait", made=DayAverage),
    Contestant(name="last to be called, same field and language", made=LastToEnter),
    ZMS,
)
OURS: tuple[Contestant, ...] = ()
"""Its adapter turns `Seen` into the server's situation: Contestant(name=…, made=…, learns_days=100)."""
