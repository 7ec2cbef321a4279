"""Bytes to the terminal, which is what somebody far away feels, beside what less sends for the same conversation."""

import os
import tempfile

from . import shop
from .start import listed, quiet
from .table import most, told
from .terminal import Program

STEPS = 60
SIZE = {"columns": 120, "rows": 40}
FRAME = 16
"""Bytes that begin and end a frame, so that a terminal shows it at once."""
ROW = 24
"""Bytes to go to a row and to change its style."""

KEYS = (("page up", "<pgup>", "b", 1.2), ("page down", "<pgdn>", "f", 1.2), ("line up", "<c-y>", "k", 1.5),
        ("line down", "<c-e>", "j", 1.5))


def run(binary):
    """Presses the same keys in both, in turns."""
    with shop.opened(binary) as place, tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "printed")
        place.printed(shop.LONG, path)
        with Program(place.screen(), env={**place.env, "NO_COLOR": "1"}, **SIZE) as ours, \
                Program(["less", "+G", path], **SIZE) as less:
            stand(ours)
            less.settle()
            for name, key, other, limit in KEYS:
                mine, theirs = [], []
                for _ in range(STEPS):
                    mine.append(len(ours.press(key)[0]))
                    theirs.append(len(less.press(other)[0]))
                mean = [sum(n) / STEPS for n in (mine, theirs)]
                yield most("%s, bytes over those of less" % name, mean[0] / mean[1], limit, "", 2)
                yield told("  ours / less / our largest", "%.0f / %.0f / %d B" % (*mean, max(mine)))
            for name, key in (("message up", "k"), ("message down", "j")):
                yield from steps(ours, name, key)


def stand(ours):
    """The long conversation, zoomed, some pages above its newest message."""
    ours.until(listed)
    ours.press("o%s<cr>" % shop.LONG, 0.5)
    ours.press("+", 0.3)
    for _ in range(3):
        ours.press("<pgup>", 0.1)
    quiet(ours)


def steps(ours, name, key):
    """A step may send the rows that came and those of the two messages whose highlight changed."""
    sent, allowed, bare = 0, 0, 0
    for _ in range(STEPS):
        before = ours.picture.lines()
        sent += len(ours.press(key)[0])
        rows, text = budget(before, ours.picture.lines())
        allowed, bare = allowed + rows, bare + text
    yield most("%s, bytes over those of its rows" % name, sent / allowed, 1, "", 2)
    yield told("  sent / bytes of its rows / their text alone",
               "%.0f / %.0f / %.0f B" % (sent / STEPS, allowed / STEPS, bare / STEPS))


def budget(before, after):
    """Bytes of the rows that are new and of the rows in which the cursor's bar came or went, each drawn once; and of
    their text alone."""
    bare = [[line[1:] for line in lines] for lines in (before, after)]
    moved = max(range(-34, 35), key=lambda by: (same(*bare, by), -abs(by)))
    cost, text = FRAME + (FRAME if moved else 0), 0
    for y, line in enumerate(after):
        old = y + moved
        # Only the history moves; its head and the rows below it stay.
        known = bare[0][old] == bare[1][y] if 4 <= y < 38 and 4 <= old < 38 else bare[0][y] == bare[1][y]
        bar = [lines[row][:1] == "▌" for lines, row in ((before, old), (after, y)) if 0 <= row < len(before)]
        if not known or len(set(bar)) > 1:
            cost += ROW + len(line.encode())
            text += len(line.encode())
    return cost, text


def same(before, after, by):
    """Rows of the history that only moved, counted by what they hold."""
    rows = range(max(4, 4 - by), min(38, 38 - by))
    return sum(len(after[y]) for y in rows if before[y + by] == after[y])
