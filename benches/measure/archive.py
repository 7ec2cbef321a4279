"""A large archive looked at without a server, beside less on the same text, in turns."""

import os
import subprocess
import sys
import tempfile
import time

from . import export
from .export import WHOM, fill
from .table import has, left_out, middle, most, told
from .terminal import Program

MESSAGES = int(os.environ.get("ARCHIVE_MESSAGES", "1000000"))
ROUNDS = 10
KEYS = 100
SEARCHES = 5
FLOOD, FLOODS = 1000, 5
# Each stands in one message only, a tenth of the talk before its end; see examples/corpus.
WORDS = (("four characters", "魑魅魍魉"), ("two characters", "魑魅"), ("one character", "魑"), ("a Latin word", "zyzzyva"))
SIZE = {"columns": 120, "rows": 40}


def run(binary):
    """First frame, memory, keys and search; the archive is filled by `manyou import`."""
    if not has("sqlite3"):
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
    yield from flooded(screen, env, text)
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
        yield from searched(ours, text)
        yield most("memory at its peak", ours.status("VmHWM"), 30, " MB", 1)


def flooded(screen, env, text):
    """A thousand pages up, all pressed at once: until the last byte of the picture they lead to. Each time in a new process, since less
    becomes slower every time."""
    took = [[], []]
    for _ in range(FLOODS):
        with Program(screen, env=env, **SIZE) as ours, Program(["less", "+G", text], **SIZE) as less:
            ours.settle(1.0)
            less.settle(1.0)
            ours.write("l")
            ours.settle()
            took[0].append(ours.press("<pgup>" * FLOOD, quiet=0.4, whole=False)[1] * 1e3)
            took[1].append(less.press("b" * FLOOD, quiet=0.4, whole=False)[1] * 1e3)
            memory = ours.status("RssAnon")
    here, there = middle(took[0]), middle(took[1])
    yield most("%d pages up at once, of less" % FLOOD, here / there, 0.35, "", 2)
    yield told("  medians; anonymous memory then", "%.0f ms, less %.0f ms; %.1f MB" % (here, there, memory))


def searched(ours, text):
    """From the last key to the first hit on the screen, beside less from the end of the text and rg over all of it."""
    ours.write("G")
    ours.settle()
    has_rg = has("rg")
    for name, word in WORDS:
        took, theirs, rg = [], [], []
        for _ in range(SEARCHES):
            ours.write("S")
            ours.settle()
            ours.write(word[:-1])
            ours.settle()
            began = time.monotonic()
            ours.write(word[-1])
            hit = lambda picture: "1 of 1" in picture and word in picture.splitlines()[0]
            took.append(ours.until(hit) + ours.started - began)
            ours.write("<esc>")
            ours.settle()
            with Program(["less", "+G", text], **SIZE) as less:
                less.until(lambda picture: "(END)" in picture)
                less.settle()
                began = time.monotonic()
                less.write("?%s<cr>" % word)
                # It shows the line at the top, and what is typed at the foot.
                found = lambda picture: word in picture.splitlines()[0]
                theirs.append(less.until(found) + less.started - began)
            if has_rg:
                began = time.monotonic()
                subprocess.run(["rg", "-c", word, text], stdout=subprocess.DEVNULL, check=True)
                rg.append(time.monotonic() - began)
        here, there = middle(took), middle(theirs)
        yield most("search for %s, last key to first hit, of less" % name, here / there, 0.05, "", 3)
        if has_rg:
            yield most("  of rg", here / middle(rg), 0.5, "", 2)
        times = "%.1f ms; less %.0f ms" % (here * 1e3, there * 1e3)
        yield told("  medians", times + ("; rg %.0f ms" % (middle(rg) * 1e3) if has_rg else ""))
