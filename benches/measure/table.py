"""What was measured beside what is wanted."""

import dataclasses
import os
import shutil


@dataclasses.dataclass
class Figure:
    """One line of the table; `holds` is None where nothing is promised."""

    name: str
    value: str
    goal: str = ""
    holds: bool | None = None


def most(name, value, limit, unit="", digits=1):
    """A figure that may be at most `limit`."""
    return Figure(name, "%.*f%s" % (digits, value, unit), "<= %g%s" % (limit, unit), value <= limit)


def least(name, value, limit, unit="", digits=2):
    """A figure that must be at least `limit`."""
    return Figure(name, "%.*f%s" % (digits, value, unit), ">= %g%s" % (limit, unit), value >= limit)


def told(name, value):
    """A figure without a goal."""
    return Figure(name, value)


def has(program):
    """Whether a program is installed."""
    return shutil.which(program) is not None


def left_out(name, why):
    """Something that could not be measured here."""
    return Figure(name, "left out: " + why)


def show(figures):
    """Prints the table; whether every goal holds."""
    width = max((len(f.name) for f in figures), default=0)
    for f in figures:
        verdict = {True: "ok", False: "MISSED", None: ""}[f.holds]
        print(("%-*s  %-22s %-12s %s" % (width, f.name, f.value, f.goal, verdict)).rstrip())
    print("load average %s on %d processors" % (" ".join("%.1f" % n for n in os.getloadavg()), os.cpu_count()))
    return all(f.holds is not False for f in figures)


def middle(values, part=0.5):
    """The value that `part` of all are at or below."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]
