"""Which traces of one to five letters keep which templates of Declare, by pm4py."""

import csv
import itertools
import pathlib

from pm4py.algo.conformance.declare import algorithm
from pm4py.objects.log.obj import Event, EventLog, Trace

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "crates/redress-rules/tests/data/declare_pm4py.csv"

# Our name, pm4py's name, and how many letters it speaks of. nonsuccession and nonchainsuccession are left out: pm4py
# takes them for the opposite of the whole succession, so it passes `aba`, where a `b` follows an `a`.
TEMPLATES = [
    ("init", "init", 1),
    ("existence", "existence", 1),
    ("absence", "absence", 1),
    ("exactly", "exactly_one", 1),
    ("responded_existence", "responded_existence", 2),
    ("co_existence", "coexistence", 2),
    ("response", "response", 2),
    ("precedence", "precedence", 2),
    ("succession", "succession", 2),
    ("alternate_response", "altresponse", 2),
    ("alternate_precedence", "altprecedence", 2),
    ("alternate_succession", "altsuccession", 2),
    ("chain_response", "chainresponse", 2),
    ("chain_precedence", "chainprecedence", 2),
    ("chain_succession", "chainsuccession", 2),
    ("not_co_existence", "noncoexistence", 2),
]


def log_of(traces):
    log = EventLog()
    for trace in traces:
        log.append(Trace([Event({"concept:name": letter}) for letter in trace]))
    return log


traces = ["".join(t) for n in range(1, 6) for t in itertools.product("abc", repeat=n)]
log = log_of(traces)
columns = []
for _, theirs, letters in TEMPLATES:
    key = "a" if letters == 1 else ("a", "b")
    model = {theirs: {key: {"support": 1, "confidence": 1}}}
    results = algorithm.apply(log, model)
    columns.append([int(result["no_dev_total"] == 0) for result in results])

OUT.parent.mkdir(parents=True, exist_ok=True)
with OUT.open("w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["trace"] + [ours for ours, _, _ in TEMPLATES])
    for trace, *kept in zip(traces, *columns):
        rows.writerow([trace] + kept)
