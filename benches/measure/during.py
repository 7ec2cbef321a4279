"""Pages up in a history while another program mirrors into the same archive, beside the same pages before."""

import os
import subprocess
import tempfile

from . import cargo, shop
from .table import middle, most, told
from .terminal import Program
from .wire import SIZE

MESSAGES, TIMES = 20_000, 60
# Keys so close together that the mirror, as fast as it can, outlasts them.
QUIET = 0.008


def run(binary):
    """Medians and the slowest, before and while all of the demo is mirrored."""
    with shop.opened(binary) as place, tempfile.TemporaryDirectory() as folder:
        talk = os.path.join(folder, "talk.ndjson")
        cargo.corpus(talk, MESSAGES, 1)
        place.run(["import", talk, "--profile", "shop"])
        with Program([*place.screen(), "--offline"], env={**place.env, "NO_COLOR": "1"}, **SIZE) as ours:
            ours.until(lambda picture: "user_1000" in picture)
            ours.write("<cr>")
            ours.settle()
            before = pages(ours)
            ours.write("G")
            ours.settle()
            mirror = subprocess.Popen([binary, "sync", "--profile", "shop"], env={**os.environ, **place.env},
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            during = pages(ours)
            lasts = mirror.poll() is None
            mirror.terminate()
            mirror.wait()
    (b50, b99), (d50, d99) = [(middle(took), middle(took, 0.99)) for took in (before, during)]
    yield most("page up while a mirror runs, p99 of its own before", d99 / b99, 2, "", 2)
    yield told("  p50, p99 before; during", "%.2f, %.2f; %.2f, %.2f ms" % (b50, b99, d50, d99))
    yield told("  the mirror outlasted the keys", "yes" if lasts else "no")


def pages(ours):
    """Milliseconds from each key to its picture."""
    return [ours.press("<pgup>", QUIET)[1] * 1e3 for _ in range(TIMES)]
