"""A history scrolled from its newest message to its oldest: memory on the way, and where it ends."""

import os
import subprocess
import tempfile
import time

from . import export
from .archive import SIZE
from .export import WHOM, fill
from .table import Figure, has, left_out, most, told
from .terminal import Program

MESSAGES = int(os.environ.get("SCROLL_MESSAGES", "1000000"))
AT_ONCE = 100


def run(binary):
    """Pages up until the first message is on the screen; anonymous memory by how far it is."""
    if not has("sqlite3"):
        yield left_out("scroll", "sqlite3 is not installed")
        return
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_COLOR": "1"}
        export.MESSAGES = MESSAGES
        archive = fill(binary, home, env, conversations=1)
        subprocess.run(["sqlite3", archive, "UPDATE peers SET opened = 1"], check=True)
        with Program([binary, "--offline", *WHOM], env=env, **SIZE) as ours:
            ours.until(lambda picture: "user_1000" in picture)
            ours.write("l")
            ours.settle()
            began, memory, pages, before = time.monotonic(), [], 0, None
            while True:
                ours.write("<pgup>" * AT_ONCE)
                ours.settle(0.1, 60)
                pages += AT_ONCE
                memory.append(ours.status("RssAnon"))
                now = ours.picture.text()
                if now == before:
                    break
                before = now
            took = time.monotonic() - began
    quarter = max(len(memory) // 4, 1)
    first, last = max(memory[:quarter]), max(memory[-quarter:])
    yield most("scrolling %d messages, last quarter over the first" % MESSAGES, last - first, 2, " MB", 1)
    yield told("  first, last, most", "%.1f, %.1f, %.1f MB" % (first, last, max(memory)))
    yield told("  pages, and seconds", "%d, %.0f s" % (pages, took))
    yield Figure("  ends at the first message", "yes" if "2020" in before else "no", "yes", "2020" in before)
