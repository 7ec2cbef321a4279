"""From a key to its last byte, beside less, in turns."""

import os
import tempfile

from . import shop
from .table import middle, told
from .terminal import Program
from .wire import SIZE, stand

TIMES = 100
KEYS = (("message down", "j", "j"), ("message up", "k", "k"), ("half page up", "<c-u>", "u"),
        ("half page down", "<c-d>", "d"), ("page up", "<pgup>", "b"), ("page down", "<pgdn>", "f"))


def run(binary):
    """Medians and the slowest of a hundred."""
    with shop.opened(binary) as place, tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "printed")
        place.printed(shop.LONG, path)
        with Program(place.screen(), env={**place.env, "NO_COLOR": "1"}, **SIZE) as ours, \
                Program(["less", "+G", path], **SIZE) as less:
            stand(ours)
            less.settle()
            for name, key, other in KEYS:
                took = ([], [])
                spent = ours.busy()
                for _ in range(TIMES):
                    took[0].append(ours.press(key)[1] * 1e3)
                    took[1].append(less.press(other)[1] * 1e3)
                spent = (ours.busy() - spent) / TIMES * 1e3
                mine, theirs = [(middle(t), middle(t, 0.99)) for t in took]
                ratios = [a / b for a, b in zip(mine, theirs)]
                yield told("%s, over less: p50, p99" % name, "%.1f, %.1f" % tuple(ratios))
                yield told("  ours p50, p99 / less p50, p99 / cpu",
                           "%.2f, %.2f / %.2f, %.2f / %.1f ms" % (*mine, *theirs, spent))
