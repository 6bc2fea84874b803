"""Which days from 2016 to 2026 are worked in China, by two published packages."""

import csv
import datetime
import pathlib

import chinese_calendar
import holidays

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "crates/redress-core/tests/data/calendar_china_days.csv"

china = holidays.country_holidays("CN", years=range(2015, 2028))
date = datetime.date(2016, 1, 1)
with OUT.open("w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["date", "chinesecalendar", "holidays"])
    while date <= datetime.date(2026, 12, 31):
        rows.writerow(
            [
                date.isoformat(),
                int(chinese_calendar.is_workday(date)),
                int(china.is_working_day(date)),
            ]
        )
        date += datetime.timedelta(days=1)
