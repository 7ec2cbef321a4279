"""Benches written in Rust: cargo runs them and their line of JSON is read."""

import json
import os
import subprocess

from .table import Figure, least, left_out, most, told

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def bench(name):
    """Runs a bench; its last line."""
    done = subprocess.run(["cargo", "bench", "--quiet", "--bench", name], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.decode().strip().splitlines()[-1])


def corpus(path, messages, conversations):
    """Writes a long talk into a file."""
    subprocess.run(["cargo", "build", "--quiet", "--release", "--example", "corpus"], cwd=ROOT, check=True)
    program = os.path.join(ROOT, "target", "release", "examples", "corpus")
    with open(path, "wb") as to:
        subprocess.run([program, str(messages), str(conversations)], stdout=to, check=True)


def deep(_binary):
    """200,000 messages at the newest, the middle and the oldest."""
    found = bench("deep")
    same = found["same"]
    yield Figure("rows measured and wrapped per key at three stands", "identical" if same else "differ", "identical", same)
    yield most("time at the slowest stand over the fastest", found["spread"], 1.25, "", 2)
    yield most("longest frame at 200x60", found["worst_ms"], 16, " ms", 2)
    yield told("  with whatever disturbed it", "%.2f ms" % found["worst_seen_ms"])
    for key in found["keys"]:
        (measured, wrapped), *_ = key["measured_wrapped"]
        yield told("  %s: measured, wrapped, us" % key["key"],
                   "%d, %d, %s" % (measured, wrapped, " ".join("%.0f" % us for us in key["us"])))


def decode(_binary):
    """Decoding alone."""
    found = bench("decode")
    yield least("decoding, of the bare loop's speed", found["ratio"], 0.9)
    yield told("  messages a second", "%d" % found["ours_per_s"])


def walk(binary):
    """A long conversation end to end, beside the vendor's SDK; its own script says how."""
    if not os.path.isdir(os.path.join(ROOT, "tests", "conformance", "node_modules")):
        yield left_out("walking 20,000 messages", "run npm ci --prefix tests/conformance first")
        return
    script = os.path.join(ROOT, "benches", "walk", "run.mjs")
    done = subprocess.run(["node", script, "5"], cwd=ROOT, stdout=subprocess.PIPE, check=False,
                          env=dict(os.environ, MANYOU=os.path.abspath(binary)))
    lines = done.stdout.decode().strip().splitlines()
    yield Figure("walking 20,000 messages, over the SDK's time", lines[-1] if lines else "failed", "<= 0.33",
                 done.returncode == 0)


def sync(_binary):
    """Mirroring 100,000 messages, beside the vendor's SDK and a bare socket; its own script says how."""
    if not os.path.isdir(os.path.join(ROOT, "tests", "conformance", "node_modules")):
        yield left_out("mirroring 100,000 messages", "run npm ci --prefix tests/conformance first")
        return
    script = os.path.join(ROOT, "benches", "sync", "run.mjs")
    done = subprocess.run(["node", script, "5"], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    for line in done.stdout.decode().strip().splitlines():
        found = json.loads(line)
        yield least("mirroring: " + found["name"], found["ratio"], found["goal"])
        yield told("  " + found["name"], found["detail"])
