#!/usr/bin/env python3
"""Cuts whole incidents out of the UCI incident log: those that show a rule at work, then the first ones.

    python3 cut_uci.py FULL_LOG.csv > ../../data/uci_incidents_cut.csv

Lines are copied byte for byte and stay in their order. Standard library only.
"""

import csv
import sys
from datetime import datetime
from itertools import groupby

MAX_BYTES = 480_000
# How many incidents of each kind are taken; those that were taken up again after their end are all taken.
EACH = 5
AGAIN = "taken up again"


def moment(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


def kinds(rows):
    """What there is to see in an incident."""
    pairs = list(zip(rows, rows[1:]))
    states = [row["incident_state"] for row in rows]
    groups = [row["assignment_group"] for row in rows]
    yield from {f"first {states[0]}"}
    for before, now in pairs:
        if before["incident_state"] != now["incident_state"]:
            yield f"{before['incident_state']} -> {now['incident_state']}"
            if before["incident_state"] in ("Resolved", "Closed") and now["active"] == "true":
                yield AGAIN
        elif now["incident_state"] == "Closed":
            yield "told something after it was closed"
        if now["priority"] != before["priority"]:
            yield "raised" if now["priority"] < before["priority"] else "lowered"
        if now["category"] != before["category"]:
            yield "category"
        if "?" == now["assignment_group"] != before["assignment_group"]:
            yield "to the desk"
        if "?" == before["assignment_group"] != now["assignment_group"]:
            yield "from the desk"
        if before["made_sla"] != now["made_sla"]:
            yield "late"
    if groups[0] == "?" or all(group == "?" for group in groups):
        yield "no group at first"
    latest = moment(rows[0]["opened_at"])
    for row in rows:
        if moment(row["sys_updated_at"]) < latest:
            yield "time goes back"
        latest = max(latest, moment(row["sys_updated_at"]))
    if any(row["opened_by"] == "?" for row in rows):
        yield "no receiver"
    if any(row["closed_code"] == "?" for row in rows):
        yield "no cause"
    if len({group for group in groups if group != "?"}) >= 5:
        yield "many hands"


def main(path):
    with open(path, "rb") as file:
        header, *lines = file.readlines()
    names = next(csv.reader([header.decode()]))
    cells = [dict(zip(names, next(csv.reader([line.decode()])))) for line in lines]
    incidents = [
        list(group) for _, group in groupby(range(len(lines)), lambda index: cells[index]["number"])
    ]
    seen, chosen, size = {}, set(), len(header)

    def take(number):
        nonlocal size
        length = sum(len(lines[index]) for index in incidents[number])
        if number not in chosen and size + length <= MAX_BYTES:
            chosen.add(number)
            size += length

    for number, indices in enumerate(incidents):
        for kind in set(kinds([cells[index] for index in indices])):
            if kind == AGAIN or seen.setdefault(kind, 0) < EACH:
                seen[kind] = seen.get(kind, 0) + 1
                take(number)
    for number in range(len(incidents)):
        take(number)
    sys.stdout.buffer.write(header)
    for number in sorted(chosen):
        for index in incidents[number]:
            sys.stdout.buffer.write(lines[index])


main(sys.argv[1])
