#!/usr/bin/env python3
"""Counts, per incident of the UCI incident log, the facts that an import must find.

    python3 uci_facts.py ../../data/uci_incidents_cut.csv > ../data/uci_facts.csv
    python3 uci_facts.py --total FULL_LOG.csv

Written from the meaning of the columns, without the importer: standard library only. One line per incident:

    rows          rows of the incident
    classified    times its class (category, subcategory, impact, priority) was new
    raised        times its priority rose
    assigned      times the pair of group and person was new, or the group was taken away; an owner implied is not counted
    handed_over   of these, from one named group to another
    to_desk       of these, the group was taken away
    from_desk     of these, from nobody's or the desk's hands to a named group after there had been an owner before
    implied       1 if it waited or was resolved before any group had it
    paused        times it began to wait: a new awaiting state, or a new owner while it waits
    resumed       times it left an awaiting state for New, Active or another awaiting state
    resolved, closed, dissatisfied, reopened
                  entering Resolved; entering Closed; leaving Resolved, but not for Closed; leaving Closed
    recorded      times the SLA verdict was kept: at each closing, and when it changed while closed
    adjusted      rows whose time lies before the latest time of the incident
    late          made_sla of its last row is false
    ended         its last state
    cause         the closed_code of the row that resolved it last
"""

import csv
import sys
from datetime import datetime
from itertools import groupby

FIELDS = (
    "number rows classified raised assigned handed_over to_desk from_desk implied paused resumed "
    "resolved closed dissatisfied reopened recorded adjusted late ended cause"
).split()


def even(text):
    return " ".join(text.split())


def moment(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


def column(rows, name):
    return [even(row[name]) for row in rows]


def facts(number, rows):
    out = dict.fromkeys(FIELDS, 0)
    out["number"], out["rows"] = number, len(rows)
    states = column(rows, "incident_state")
    waits = [state.startswith("Awaiting") for state in states]
    groups = column(rows, "assignment_group")
    persons = column(rows, "assigned_to")
    classes = list(
        zip(*(column(rows, name) for name in ("category", "subcategory", "impact", "priority")))
    )
    urgency = [int(level[0]) for level in column(rows, "priority")]
    verdicts = column(rows, "made_sla")
    codes = column(rows, "closed_code")

    # Class and owner can change only while the incident is open; what was last recorded is what counts.
    shut = [
        state == "Closed" and index > 0 and states[index - 1] == "Closed"
        for index, state in enumerate(states)
    ]
    kept_class = kept_urgency = None
    owner = None  # ("group", "person"), or ("desk", "?")
    cause = ""
    for index, state in enumerate(states):
        before = states[index - 1] if index else None
        new_owner = False
        if not shut[index]:
            if classes[index] != kept_class:
                out["classified"] += 1
                if kept_urgency is not None and urgency[index] < kept_urgency:
                    out["raised"] += 1
                kept_class, kept_urgency = classes[index], urgency[index]
            group, person = groups[index], persons[index]
            if group != "?" and owner != (group, person):
                new_owner = True
                out["handed_over"] += owner is not None and owner[0] not in ("desk", group)
                out["from_desk"] += owner is not None and owner[0] == "desk"
                owner = (group, person)
            elif group == "?" and owner is not None and owner[0] != "desk":
                new_owner = True
                out["to_desk"] += 1
                owner = ("desk", "?")
            out["assigned"] += new_owner
        enters = state != before
        if (waits[index] or state == "Resolved") and enters and owner is None:
            out["implied"] += 1
            owner = ("desk", "?")
        out["paused"] += waits[index] and (enters or new_owner)
        out["resumed"] += bool(
            index and waits[index - 1] and enters and state not in ("Resolved", "Closed")
        )
        out["dissatisfied"] += bool(before == "Resolved" and state not in ("Resolved", "Closed"))
        out["reopened"] += bool(before == "Closed" and enters)
        if state == "Resolved" and enters:
            out["resolved"] += 1
            cause = codes[index]
        if state == "Closed":
            out["closed"] += enters
            out["recorded"] += enters or verdicts[index] != verdicts[index - 1]
    latest = moment(rows[0]["opened_at"])
    for at in map(moment, column(rows, "sys_updated_at")):
        out["adjusted"] += at < latest
        latest = max(latest, at)
    out["late"] = int(verdicts[-1] == "false")
    out["ended"], out["cause"] = states[-1], cause
    return {name: int(value) if isinstance(value, bool) else value for name, value in out.items()}


def main(arguments):
    total = arguments[0] == "--total"
    with open(arguments[-1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    incidents = [
        facts(number, list(group)) for number, group in groupby(rows, lambda row: even(row["number"]))
    ]
    if not total:
        writer = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(incidents)
        return
    print("incidents", len(incidents))
    for name in FIELDS[1:-2]:
        values = [incident[name] for incident in incidents]
        print(name, sum(values), "in", sum(value > 0 for value in values), "incidents")


main(sys.argv[1:])
