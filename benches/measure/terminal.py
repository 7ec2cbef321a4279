"""A program in a terminal of its own: keys in, bytes out, and the screen those bytes draw."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata

QUIET = 0.03
"""Seconds without a byte after which an answer to a key is over."""

KEYS = {"<pgup>": "\x1b[5~", "<pgdn>": "\x1b[6~", "<c-e>": "\x05", "<c-y>": "\x19", "<c-d>": "\x04", "<c-u>": "\x15",
        "<cr>": "\r", "<esc>": "\x1b"}

FRAME_END = b"\x1b[?2026l"
"""Ends a frame of a program that says where its frames end."""

MEDDLING = {"LESS", "LESSOPEN", "COLORTERM", "NO_COLOR", "MANYOU_LANG"}
"""Variables that would change what is drawn."""


def cells(char):
    """Columns of one character on its own."""
    if unicodedata.combining(char) or char in "\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class Picture:
    """What a terminal would show, as far as this program's own sequences go; others are passed over."""

    SEQUENCE = re.compile(r"\x1b\[([?>]?)([0-9;:]*)([@-~])|\x1b[()].|\x1b[=>78M]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")

    def __init__(self, columns, rows):
        self.columns, self.rows, self.rest = columns, rows, b""
        self.cells = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.top, self.bottom = 0, rows

    def feed(self, data):
        data = self.rest + data
        cut = max(data.rfind(b"\x1b"), len(data) - 3)
        tail = data[cut:]
        if not re.match(rb"\x1b(\[[?>]?[0-9;:]*[@-~]|[^\[\]])", tail) and tail[:1] == b"\x1b":
            data, self.rest = data[:cut], tail
        else:
            self.rest = b""
            for keep in (1, 2, 3):
                if len(data) >= keep and data[-keep] >= 0xc0 and keep < 2 + (data[-keep] >= 0xe0) + (data[-keep] >= 0xf0):
                    data, self.rest = data[:-keep], data[-keep:]
                    break
        text, at = data.decode("utf-8", "replace"), 0
        while at < len(text):
            match = self.SEQUENCE.match(text, at) if text[at] == "\x1b" else None
            if match:
                self.act(match)
                at = match.end()
            else:
                self.put(text[at])
                at += 1

    def act(self, match):
        private, numbers, final = match.group(1), match.group(2), match.group(3)
        if final is None or private:
            return
        given = [int(n) if n.isdigit() else 0 for n in numbers.split(";")] if numbers else []
        first = max(given[0], 1) if given else 1
        if final == "H":
            self.y, self.x = first - 1, (max(given[1], 1) if len(given) > 1 else 1) - 1
        elif final == "C":
            self.x += first
        elif final == "K":
            self.cells[self.y][self.x:] = [" "] * (self.columns - self.x)
        elif final == "X":
            self.cells[self.y][self.x:self.x + first] = [" "] * min(first, self.columns - self.x)
        elif final == "J":
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
        elif final == "r":
            self.top, self.bottom = (first - 1, given[1]) if len(given) > 1 else (0, self.rows)
            self.x = self.y = 0
        elif final in "ST":
            band = self.cells[self.top:self.bottom]
            blank = [[" "] * self.columns for _ in range(first)]
            band = band[first:] + blank if final == "S" else blank + band[:-first]
            self.cells[self.top:self.bottom] = band

    def put(self, char):
        if char == "\r":
            self.x = 0
        elif char == "\n":
            self.y = min(self.y + 1, self.rows - 1)
        elif char >= " " and self.y < self.rows:
            wide, row = cells(char), self.cells[self.y]
            if wide == 0 and 0 < self.x <= self.columns:
                row[self.x - 1] += char
            elif self.x + wide <= self.columns:
                row[self.x:self.x + wide] = [char] + [""] * (wide - 1)
                self.x += wide

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def text(self):
        return "\n".join(self.lines())


class Program:
    """One running program. Leaving the `with` block ends it."""

    def __init__(self, argv, columns=120, rows=40, env=None):
        self.drawn = Picture(columns, rows)
        # Drawn when somebody looks: that takes longer than a program needs for it, and must not count as its time.
        self.undrawn = b""
        self.sent = 0
        given = {name: value for name, value in os.environ.items() if name not in MEDDLING}
        given.update({"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}, **(env or {}))
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            try:
                os.execvpe(argv[0], argv, given)
            finally:
                os._exit(127)

    @property
    def picture(self):
        """What the terminal shows now."""
        self.drawn.feed(self.undrawn)
        self.undrawn = b""
        return self.drawn

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                break
            if self.gone(5):
                break
        os.close(self.fd)

    def gone(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.02)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return True
        return False

    def read(self, wait):
        """What comes within `wait` seconds, and when it was read; nothing if nothing comes."""
        if not select.select([self.fd], [], [], wait)[0]:
            return b"", 0.0
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        at = time.monotonic()
        self.sent += len(data)
        self.undrawn += data
        return data, at

    def write(self, keys):
        for name, sequence in KEYS.items():
            keys = keys.replace(name, sequence)
        os.write(self.fd, keys.encode())

    def until(self, shown, seconds=20.0):
        """Reads until `shown(text)` holds; seconds from the start to the read that made it so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            data, at = self.read(0.2)
            if data and shown(self.picture.text()):
                return at - self.started
        raise TimeoutError("not shown within %gs:\n%s" % (seconds, self.picture.text()))

    def settle(self, quiet=0.3, seconds=20.0):
        """Reads until nothing came for `quiet` seconds; the bytes that came."""
        out, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            data, _ = self.read(quiet)
            if not data:
                # Nothing is left to draw where the next answer is timed.
                self.picture.lines()
                return out
            out += data
        return out

    def press(self, keys, quiet=QUIET, whole=True):
        """Presses keys at once: the bytes of the answer, and seconds until its picture was whole; until the last
        byte if not `whole`."""
        out, at_end, last = b"", None, 0.0
        start = time.monotonic()
        self.write(keys)
        # The answer may be late on a busy machine; only after its first byte silence means its end.
        wait = 1.0
        while True:
            data, at = self.read(wait)
            if not data:
                return out, max((at_end or last) - start, 0.0)
            out, last, wait = out + data, at, quiet
            # What follows the first frame is not the key's doing: a page that came, a minute that changed.
            if whole and at_end is None and FRAME_END in out:
                at_end = at

    def status(self, name):
        """A figure of /proc/PID/status in MB."""
        with open("/proc/%d/status" % self.pid) as file:
            for line in file:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def busy(self):
        """Seconds of processor time so far."""
        with open("/proc/%d/stat" % self.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
