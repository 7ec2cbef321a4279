"""Writing an archive out as lossless NDJSON, beside `sqlite3 -json` writing its plain rows."""

import os
import subprocess
import sys
import tempfile
import time

from .cargo import corpus
from .table import has, least, left_out, most, told

# Messages in the archive, and pairs of runs.
MESSAGES = int(os.environ.get("EXPORT_MESSAGES", "1000000"))
ROUNDS = int(os.environ.get("EXPORT_ROUNDS", "5"))
WHOM = ["--api", "http://127.0.0.1:1", "--app-key", "manyou#sandbox", "--user", "kefu01"]
ROWS = "SELECT * FROM messages ORDER BY peer, key"


def run(binary):
    """The rate of both in turn, and the memory of ours."""
    if not has("sqlite3"):
        yield left_out("export", "sqlite3 is not installed")
        return
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        archive = fill(binary, home, env)
        out, rows = os.path.join(home, "out.ndjson"), os.path.join(home, "rows.json")
        ours, theirs, peak = [], [], 0
        for _ in range(ROUNDS):
            rate, memory = measured([binary, "export", "--all", "-f", "-o", out, "-q", *WHOM], env, out)
            ours.append(rate)
            peak = max(peak, memory)
            theirs.append(measured(["sqlite3", "-json", archive, ".output " + rows, ROWS], env, rows)[0])
        ratio = sorted(a / b for a, b in zip(ours, theirs))[len(ours) // 2]
        yield least("export of %d messages, of the rate of sqlite3 -json" % MESSAGES, ratio, 0.5)
        yield most("  memory at its peak", peak / 1e6, 30, " MB", 1)
        yield told("  bytes a second, ours and theirs", "%.1f MB, %.1f MB" % (best(ours), best(theirs)))


def best(rates):
    return max(rates) / 1e6


def fill(binary, home, env, conversations=30):
    """Where the archive lies that holds the talk."""
    talk = os.path.join(home, "talk.ndjson")
    print("filling an archive with %d messages" % MESSAGES, file=sys.stderr)
    corpus(talk, MESSAGES, conversations)
    subprocess.run([binary, "import", talk, *WHOM], env=env, stdout=subprocess.DEVNULL, check=True)
    os.remove(talk)
    for folder, _, names in os.walk(home):
        for name in names:
            if name.endswith(".db"):
                return os.path.join(folder, name)
    raise FileNotFoundError("the archive")


def measured(argv, env, path):
    """Bytes a second that went into `path`, and the memory at its peak in bytes."""
    began = time.monotonic()
    child = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, argv)
    return os.path.getsize(path) / took, used.ru_maxrss * 1024
