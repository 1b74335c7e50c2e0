"""Dates in queries: four spellings, minutes at best, in UTC; and the functions that make dates."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from confsync.sandbox.cql.grammar import Function, Value
from confsync.sandbox.refusals import Invalid

_SPELLINGS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
_INCREMENT = re.compile(r"([+-]?)(\d+)([yMwdhm])")
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time a date stands for: from `begin`, before `end`."""

    begin: datetime
    end: datetime


def span(value: Value, now: datetime) -> Span:
    """Read a date.

    Raises:
        Invalid: it is none.
    """
    if isinstance(value, Function):
        moment = _function(value, now)
        return Span(moment, moment + timedelta(milliseconds=1))
    for spelling in _SPELLINGS:
        try:
            begin = datetime.strptime(value, spelling).replace(tzinfo=UTC)
        except ValueError:
            continue
        return Span(begin, begin + (timedelta(minutes=1) if "%H" in spelling else timedelta(days=1)))
    raise Invalid(f"Could not parse date : {value}")


def _function(call: Function, now: datetime) -> datetime:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week = day - timedelta(days=(day.weekday() + 1) % 7)
    starts = {
        "now": now,
        "startofday": day,
        "endofday": day + timedelta(days=1),
        "startofweek": week,
        "endofweek": week + timedelta(weeks=1),
        "startofmonth": day.replace(day=1),
        "endofmonth": _months(day.replace(day=1), 1),
        "startofyear": day.replace(month=1, day=1),
        "endofyear": _months(day.replace(month=1, day=1), _MONTHS),
    }
    if call.name not in starts:
        raise Invalid(f"No function exists with the name: '{call.name}'")
    moment = starts[call.name]
    return _added(moment, call.arguments[0]) if call.arguments else moment


def _added(moment: datetime, increment: str) -> datetime:
    match = _INCREMENT.fullmatch(increment.strip())
    if match is None:
        raise Invalid(f"Could not parse increment : {increment}")
    amount = int(match.group(2)) * (-1 if match.group(1) == "-" else 1)
    if match.group(3) in _UNITS:
        return moment + amount * _UNITS[match.group(3)]
    return _months(moment, amount * (_MONTHS if match.group(3) == "y" else 1))


def _months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * _MONTHS + moment.month - 1 + months, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
