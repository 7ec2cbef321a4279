"""Pages up in a history while all conversations are mirrored behind it, beside the same pages before."""

import os
import tempfile

from . import shop
from .start import listed
from .table import middle, most, told
from .terminal import Program
from .wire import SIZE

TIMES = 100
# The server takes so long for a page: the mirror lasts as long as the keys do.
PAGE_MS = 20
FAULTS = '[{"route": "POST /users/*/messageroaming", "delay_ms": %d}]' % PAGE_MS


def run(binary):
    """The slowest of a hundred, twice over: before, and while the status line says how far the mirror is."""
    with tempfile.TemporaryDirectory() as folder:
        faults = os.path.join(folder, "faults.json")
        with open(faults, "w") as file:
            file.write(FAULTS)
        with shop.opened(binary, "--faults", faults) as place:
            place.run(["sync", shop.LONG, "--profile", "shop"])
            with Program(place.screen(), env={**place.env, "NO_COLOR": "1"}, **SIZE) as ours:
                ours.until(listed)
                ours.press("o%s<cr>" % shop.LONG, 0.5)
                ours.settle()
                idle = pages(ours)
                ours.write("G")
                ours.settle()
                ours.write("M")
                ours.until(lambda picture: "Esc" in picture.splitlines()[-1])
                ours.write("<esc>")
                busy = pages(ours)
                runs = is_running(ours.picture.text())
    before, during = [(middle(took), middle(took, 0.99)) for took in (idle, busy)]
    yield most("page up while a mirror runs, p99 of its own before", during[1] / before[1], 2, "", 2)
    yield told("  p50, p99 before; during", "%.2f, %.2f; %.2f, %.2f ms" % (*before, *during))
    yield told("  the mirror ran to the end of it", "yes" if runs else "no")


def pages(ours):
    """Milliseconds from each key to its picture."""
    return [ours.press("<pgup>")[1] * 1e3 for _ in range(TIMES)]


def is_running(picture):
    """Whether the status line says how far the mirror is."""
    return "sync " in picture.splitlines()[-2]
