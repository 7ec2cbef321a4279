"""A large archive looked at without a server, beside less on the same text, in turns."""

import os
import subprocess
import sys
import tempfile
import time

from . import export
from .export import WHOM, fill
from .table import left_out, middle, most, told
from .terminal import Program

MESSAGES = int(os.environ.get("ARCHIVE_MESSAGES", "1000000"))
ROUNDS = 10
KEYS = 100
WORDS = (("a word of two characters", "退款"), ("one character", "订"), ("a Latin word", "refund"))
SIZE = {"columns": 120, "rows": 40}


def run(binary):
    """First frame, memory, keys and search; the archive is filled by `manyou import`."""
    if subprocess.run(["sh", "-c", "command -v sqlite3"], stdout=subprocess.DEVNULL, check=False).returncode:
        yield left_out("archive", "sqlite3 is not installed")
        return
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_COLOR": "1"}
        export.MESSAGES = MESSAGES
        began = time.monotonic()
        archive = fill(binary, home, env)
        yield told("import of %d messages, indexed" % MESSAGES, "%.0f a second" % (MESSAGES / (time.monotonic() - began)))
        yield told("archive, bytes a message", "%.0f" % (os.path.getsize(archive) / MESSAGES))
        text = os.path.join(home, "talk.txt")
        subprocess.run([binary, "export", "--all", "-q", "-f", "-o", text, *WHOM], env=env, check=True,
                       stdout=subprocess.DEVNULL)
        peer = sql(archive, "SELECT id FROM peers p WHERE kind = 0 ORDER BY "
                            "(SELECT count(*) FROM messages m WHERE m.peer = p.peer) DESC LIMIT 1")
        sql(archive, "UPDATE peers SET opened = 1 WHERE id = '%s'" % peer)
        print("looking at %d messages" % MESSAGES, file=sys.stderr)
        yield from looked(binary, env, peer, text)


def sql(archive, words):
    out = subprocess.run(["sqlite3", archive, words], check=True, stdout=subprocess.PIPE, text=True)
    return out.stdout.strip()


def looked(binary, env, peer, text):
    """What a person at the screen notices."""
    ours_at, less_at = [], []
    screen = [binary, "--offline", *WHOM]
    shown = lambda picture: peer in picture.splitlines()[2] and picture.count("▏") + picture.count("▎") > 3
    for _ in range(ROUNDS):
        with Program(screen, env=env, **SIZE) as ours:
            ours_at.append(ours.until(shown) * 1e3)
        with Program(["less", "+G", text], **SIZE) as less:
            less_at.append(less.until(lambda picture: "(END)" in picture) * 1e3)
    yield most("start to the newest messages, of less +G", middle(ours_at) / middle(less_at), 1.5, "", 2)
    yield told("  medians", "%.0f ms, less %.0f ms" % (middle(ours_at), middle(less_at)))
    with Program(screen, env=env, **SIZE) as ours, Program(["less", "+G", text], **SIZE) as less:
        ours.until(shown)
        ours.settle()
        less.settle()
        # Into the history: keys would move in the list.
        ours.write("l")
        ours.settle()
        yield most("anonymous memory, idle", ours.status("RssAnon"), 12, " MB", 1)
        for name, key, other, p50, p99 in (("page up", "<pgup>", "b", 1.15, 1.5), ("line up", "<c-y>", "y", 1.8, None)):
            took = ([], [])
            for _ in range(KEYS):
                took[0].append(ours.press(key)[1] * 1e3)
                took[1].append(less.press(other)[1] * 1e3)
            (m50, m99), (t50, t99) = [(middle(t), middle(t, 0.99)) for t in took]
            yield most("%s, p50 of less" % name, m50 / t50, p50, "", 2)
            if p99:
                yield most("  p99 of less", m99 / t99, p99, "", 2)
            yield told("  ours p50, p99; less", "%.2f, %.2f; %.2f, %.2f ms" % (m50, m99, t50, t99))
        yield most("anonymous memory, browsed", ours.status("RssAnon"), 12, " MB", 1)
        yield from searched(ours, less)
        yield most("memory at its peak", ours.status("VmHWM"), 30, " MB", 1)


def searched(ours, less):
    """From the last key to the first hit on the screen."""
    ours.write("G")
    ours.settle()
    for name, word in WORDS:
        ours.write("S")
        ours.settle()
        ours.write(word[:-1])
        ours.settle(1.0)
        began = time.monotonic()
        ours.write(word[-1])
        here = ours.until(lambda picture: "1 of" in picture and word in picture.splitlines()[0]) + ours.started - began
        ours.write("<esc>")
        ours.settle()
        less.write("g")
        less.settle()
        began = time.monotonic()
        less.write("/%s<cr>" % word)
        data = less.settle(2.0, 120.0)
        there = max(time.monotonic() - began - 2.0, 1e-3) if data else 0.0
        yield told("search, %s: last key to first hit" % name, "%.1f ms; less %.1f ms" % (here * 1e3, there * 1e3))
