"""Deadlines and intervals on China's working days, by pandas and numpy.

The working days are those that chinesecalendar gives, not ours. All times are local times of Asia/Shanghai, which has
had no summer time since 1991.
"""

import csv
import datetime
import pathlib
import random

import chinese_calendar
import numpy
import pandas

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "crates/redress-core/tests/data"
FIRST, LAST = datetime.date(2016, 1, 1), datetime.date(2026, 12, 31)
# Deadlines from here on still fall before the last date.
SUMMER_2026 = datetime.date(2026, 7, 1)
EVERY_DAY = "Mon Tue Wed Thu Fri Sat Sun"
SHIFTS = {
    "office": (["09:00", "13:30"], ["12:00", "18:00"]),
    "night": (["22:00"], ["06:00"]),
    "evening": (["16:00"], ["00:00"]),
}

chance = random.Random(20160101)
dates = [FIRST + datetime.timedelta(days=day) for day in range((LAST - FIRST).days + 1)]
# Every weekday may be worked, and each day that is not is a holiday: so that make-up Sundays can be told.
days_off = [date for date in dates if not chinese_calendar.is_workday(date)]
working_days = numpy.busdaycalendar(weekmask="1111111", holidays=days_off)


def any_date(until):
    return FIRST + datetime.timedelta(days=chance.randrange((until - FIRST).days))


def write(name, header, rows):
    with (DATA / name).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def business_hours(count):
    for index in range(count):
        shift = list(SHIFTS)[index % len(SHIFTS)]
        opens, closes = SHIFTS[shift]
        hours = chance.randrange(1, 200)
        # The second day at the earliest: what a night shift worked from the eve of the first is not published.
        start = pandas.Timestamp(any_date(SUMMER_2026)) + pandas.Timedelta(days=1)
        # From a start past midnight inside a night shift pandas 3.1.1 counts wrongly when a day off follows: 12 hours
        # from Friday 2016-03-25T04:02 end for it on 7 April, not on 29 March. So no night starts there.
        earliest = 6 * 60 if shift == "night" else 0
        start += pandas.Timedelta(minutes=chance.randrange(earliest, 24 * 60))
        offset = pandas.offsets.CustomBusinessHour(
            hours, start=opens, end=closes, weekmask=EVERY_DAY, holidays=days_off
        )
        yield [shift, start.isoformat(), hours, (start + offset).isoformat()]


def business_days(count):
    for _ in range(count):
        start, end = sorted((any_date(SUMMER_2026), any_date(SUMMER_2026)))
        counted = numpy.busday_count(start, end, busdaycal=working_days)
        days = chance.randrange(1, 60)
        due = numpy.busday_offset(start, days, roll="backward", busdaycal=working_days)
        yield [start, end, counted, days, due]


write(
    "calendar_business_hours.csv",
    ["shift", "start", "hours", "due"],
    business_hours(2_000),
)
write(
    "calendar_business_days.csv",
    ["start", "end", "working_days_between", "days", "due"],
    business_days(2_000),
)
