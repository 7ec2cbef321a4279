"""demo.py COMMAND...: runs the demo in a terminal of its own: the list is painted, q leaves, the terminal is as it was."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

COMMAND = sys.argv[1:]
PATIENCE_S = 60


def main() -> int:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.close(master)
        os.login_tty(slave)
        # No certificate store: the demo needs none.
        os.environ.update(TERM="xterm-256color", LANG="en_US.UTF-8", SSL_CERT_FILE="/nonexistent", SSL_CERT_DIR="/nonexistent")
        os.execvp(COMMAND[0], COMMAND)
    # Our copy of the slave stays open, so that its settings can be read after the child has gone.
    painted = read_until(master, lambda seen: b"user_" in seen or b" new" in seen)
    if not painted:
        os.kill(child, 15)
        return fail("the conversation list was not painted")
    os.write(master, b"q")
    code = ended(child, master)
    if code != 0:
        return fail(f"q ended it with {code}")
    if termios.tcgetattr(slave) != before:
        return fail("the terminal's settings were not put back")
    print("demo: painted, left, terminal restored")
    return 0


def read_until(master, found):
    seen, end = b"", time.monotonic() + PATIENCE_S
    while time.monotonic() < end and not found(seen):
        if select.select([master], [], [], 0.2)[0]:
            seen += os.read(master, 65536)
    return found(seen)


def ended(child, master):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if select.select([master], [], [], 0.05)[0]:
            os.read(master, 65536)
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return "nothing, it went on"


def fail(why):
    print(f"demo: {why}", file=sys.stderr)
    return 1


sys.exit(main())
