"""Nothing changed, nothing written."""

import contextlib
import time

from .start import listed, quiet
from .table import most
from .terminal import Program

SCENES = {"list": "", "history": "<cr>"}


def run(binary):
    """Counts what resting programs write between two minute changes."""
    with contextlib.ExitStack() as stack:
        demos = {name: stack.enter_context(Program([binary, "demo"])) for name in SCENES}
        for name, demo in demos.items():
            demo.until(listed)
            demo.write(SCENES[name])
            quiet(demo)
        # The minute changes, what it changes is written, and then there is silence until the next one.
        second = time.time() % 60
        until(demos, time.time() - second + (4 if second < 2 else 64))
        before = {name: demo.sent for name, demo in demos.items()}
        until(demos, time.time() - time.time() % 60 + 58)
        for name, demo in demos.items():
            yield most("bytes between two minute changes, %s" % name, demo.sent - before[name], 0, " B", 0)


def until(demos, moment):
    """Reads what comes until a moment of the wall clock."""
    while time.time() < moment:
        for demo in demos.values():
            demo.read(0.1)
