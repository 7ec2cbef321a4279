"""From the start of the process to pictures, and the memory a demo takes."""

import re
import time

from . import shop
from .table import middle, most, told
from .terminal import Program

ROUNDS = 10


def listed(text):
    """The conversation list stands on the screen."""
    return re.search(r"\d+ conversations", text) is not None


def opened(text):
    """The long conversation's newest page stands on the screen."""
    return "%s  single" % shop.LONG in text and text.count("▎") > 3


def run(binary):
    """Starts the demo ten times for each figure."""
    painted, named, conversation = [], [], []
    for _ in range(ROUNDS):
        with Program([binary, "demo"]) as demo:
            painted.append(demo.until(listed) * 1e3)
            last = painted[-1]
            while True:
                data, at = demo.read(0.15)
                if not data:
                    break
                last = (at - demo.started) * 1e3
            named.append(last)
        with Program([binary, "demo"]) as demo:
            # The first byte says that the terminal passes keys on as they are.
            demo.read(10)
            demo.write("o%s<cr>" % shop.LONG)
            conversation.append(demo.until(opened) * 1e3)
    yield most("start to conversation list, median of %d" % ROUNDS, middle(painted), 250, " ms", 0)
    yield told("  slowest / with every name", "%.0f / %.0f ms" % (max(painted), middle(named)))
    yield most("start to 20,000 messages opened", middle(conversation), 500, " ms", 0)
    yield told("  slowest", "%.0f ms" % max(conversation))
    yield from memory(binary)


def memory(binary):
    """A demo whose data is all made, its long conversation read for a while."""
    with Program([binary, "demo"]) as demo:
        demo.until(listed)
        quiet(demo)
        yield most("resident, all data made", demo.status("VmRSS"), 60, " MB")
        demo.write("o%s<cr>" % shop.LONG)
        demo.until(opened)
        for _ in range(100):
            demo.press("<pgup>")
        demo.write("gg")
        demo.until(lambda text: "第一条消息" in text)
        yield most("resident at most, 100 pages and the oldest seen", demo.status("VmHWM"), 60, " MB")
        yield told("  anonymous part", "%.1f MB" % demo.status("RssAnon"))


def quiet(demo):
    """Waits until the program works no more."""
    before, end = -1.0, time.monotonic() + 30
    while demo.busy() != before and time.monotonic() < end:
        before = demo.busy()
        demo.settle(0.5, 1.0)
