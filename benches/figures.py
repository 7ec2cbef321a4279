"""Measures what the program promises and prints it beside the goals.

    cargo build --release
    python3 benches/figures.py [--binary FILE] [NAME...]

Names: start, still, wire, keys, deep, decode, walk, sync, export, archive, during, scroll; all of them when none is given. Ends with 1 when a goal is missed.
`export`, `archive` and `scroll` take minutes; EXPORT_MESSAGES, EXPORT_ROUNDS, ARCHIVE_MESSAGES and SCROLL_MESSAGES
make them smaller.
A busy machine makes times longer: the load average stands under the table.
"""

import argparse
import os
import subprocess
import sys

from measure import archive, cargo, during, export, keys, scroll, start, still, wire
from measure.table import Figure, left_out, show

ALL = {"start": start.run, "still": still.run, "wire": wire.run, "keys": keys.run, "deep": cargo.deep,
       "decode": cargo.decode, "walk": cargo.walk, "sync": cargo.sync, "export": export.run,
       "archive": archive.run, "during": during.run, "scroll": scroll.run}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.path.join(cargo.ROOT, "target", "release", "manyou"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    given = parser.parse_args()
    unknown = set(given.names) - set(ALL)
    if unknown:
        parser.error("no figure is called %s" % ", ".join(sorted(unknown)))
    if not os.access(given.binary, os.X_OK):
        parser.error("%s is not there: cargo build --release" % given.binary)
    figures = []
    for name in given.names or ALL:
        print("measuring %s" % name, file=sys.stderr)
        figures.extend(measured(name, given.binary))
    return 0 if show(figures) else 1


def measured(name, binary):
    """The figures of one name; what fails misses its goal and hides no other figure."""
    try:
        yield from ALL[name](binary)
    except FileNotFoundError as missing:
        yield left_out(name, "%s is not installed" % missing.filename)
    except (OSError, TimeoutError, subprocess.CalledProcessError) as failed:
        yield Figure(name, "failed: %s" % failed, "", False)


if __name__ == "__main__":
    sys.exit(main())
