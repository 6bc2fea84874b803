"""Takes the columns that the shipped mappings read out of three public files, and counts what an import must find.

    python3 cut_cases.py nyc311_2018.csv boston311.csv cfpb_2016.csv ../data

The files are the published ones (README of the data folder names them), without addresses. The lines are as they were;
columns that no mapping reads are left out, and the narratives of consumers. The counts that it prints stand in tests/it/whole_cases.rs.
"""

import csv
import sys
from datetime import datetime
from pathlib import Path

COLUMNS = {
    "nyc_311_cut.csv": [
        "Unique Key", "Created Date", "Closed Date", "Agency", "Complaint Type", "Descriptor", "Status", "Due Date",
        "Open Data Channel Type",
    ],
    "boston_311_cut.csv": [
        "case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "case_status", "subject", "reason", "type",
        "department", "source",
    ],
    "cfpb_cut.csv": [
        "Date received", "Product", "Issue", "Company", "Submitted via", "Date sent to company",
        "Company response to consumer", "Timely response?", "Consumer disputed?", "Complaint ID",
    ],
}


def cut(source, folder, name):
    with open(source, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(Path(folder) / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS[name], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def times(rows, opened, due, closed, form):
    read = lambda text: datetime.strptime(text, form) if text.strip() else None
    return [tuple(read(row[name]) for name in (opened, due, closed)) for row in rows]


def timed(name, rows):
    print(name, "rows", len(rows))
    print("  with a due date", sum(1 for _, due, _ in rows if due))
    print("  closed", sum(1 for _, _, closed in rows if closed))
    print("  closed late", sum(1 for _, due, closed in rows if due and closed and closed > due))
    print("  closed before created", sum(1 for opened, _, closed in rows if closed and closed < opened))
    print("  closed when created", sum(1 for opened, _, closed in rows if closed == opened))
    print("  open with a due date", sum(1 for _, due, closed in rows if due and not closed))


if __name__ == "__main__":
    nyc, boston, cfpb, folder = sys.argv[1:]
    rows = cut(nyc, folder, "nyc_311_cut.csv")
    timed("nyc-311", times(rows, "Created Date", "Due Date", "Closed Date", "%m/%d/%Y %I:%M:%S %p"))
    print("  closed, and another status", sum(1 for row in rows if row["Closed Date"] and row["Status"] != "Closed"))
    rows = cut(boston, folder, "boston_311_cut.csv")
    timed("boston-311", times(rows, "open_dt", "target_dt", "closed_dt", "%Y-%m-%d %H:%M:%S"))
    rows = cut(cfpb, folder, "cfpb_cut.csv")
    print("cfpb rows", len(rows))
    print("  in progress", sum(1 for row in rows if row["Company response to consumer"] == "In progress"))
    print("  disputed", sum(1 for row in rows if row["Consumer disputed?"] == "Yes"))
