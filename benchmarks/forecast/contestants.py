"""Who is measured. The server's own estimator is plugged in here, and nowhere else."""

from benchmarks.forecast.estimator import Contestant
from benchmarks.forecast.ours import Ours
from benchmarks.forecast.peers import DayAverage, LastToEnter, Zms

ZMS = Contestant(name="ZMS: (place + 1) x mean session / counsellors on duty", made=Zms)
PEERS = (
    Contestant(name="today's average wait", made=DayAverage),
    Contestant(name="last to be called, same field and language", made=LastToEnter),
    ZMS,
)
OURS = (Contestant(name="the queue played on two hundred times", made=Ours, learns_days=100),)
