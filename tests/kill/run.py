"""run.py PROGRAM [--kills N] [--seed S] [--whole]: the archive is killed at random moments and must be sound each time.

Mirrors, imports, compacts, purges, exports, makes the index anew and brings an old format up to date, each ended by
SIGKILL at a moment the seed chooses. After each kill the archive opens within a second and `archive verify` finds
nothing; at the end what was begun is ended, and the archive holds what one has that was never killed. The longest
conversations are left out unless --whole is given.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OPENS_WITHIN_S = 1.0
LONG = 2_000  # messages
FIRST_FORMAT = Path(__file__).parents[2] / "assets/migrations/0001_archive.sql"


class World:
    """A server with demo data, and an account's archive in a home of its own."""

    def __init__(self, program: str, folder: Path):
        self.program, self.folder = program, folder
        self.bare = {"PATH": os.environ.get("PATH", ""), "SSL_CERT_FILE": "/nonexistent", "SSL_CERT_DIR": "/nonexistent"}
        # Its clock stands at one moment when it starts, so that every run has the same talk.
        serve = [program, "serve", "--demo", "--now", "2025-06-01T12:00:00Z"]
        self.server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.bare)
        self.ready = json.loads(self.server.stdout.readline())
        self.user = self.ready["users"][0]

    def close(self):
        self.server.kill()
        self.server.wait()

    def command(self, home: Path, words: list) -> tuple:
        flags = ["--api", self.ready["api"], "--app-key", self.ready["app_key"], "--user", self.user["user_id"]]
        env = {**self.bare, "HOME": str(home), "MANYOU_PASSWORD": self.user["password"]}
        return [self.program, *flags, *words], env

    def run(self, home: Path, *words: str) -> subprocess.CompletedProcess:
        command, env = self.command(home, list(words))
        return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def done(self, home: Path, *words: str) -> str:
        ended = self.run(home, *words)
        if ended.returncode != 0:
            raise Unsound(f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr.strip()}")
        return ended.stdout

    def killed(self, home: Path, words: list, after_s: float) -> bool:
        """Starts the program and kills it; whether it still ran by then."""
        command, env = self.command(home, words)
        child = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            child.wait(after_s)
            return False
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            return True


class Unsound(Exception):
    """What must hold did not."""


def archive_of(home: Path) -> Path:
    return next((home / ".local/share/manyou/archives").glob("*.db"))


def rows(world: World, home: Path) -> list:
    """Each message that an export holds, by conversation and id, with its bytes."""
    text = world.done(home, "export", "--all", "-f", "-o", "-", "--format", "ndjson")
    lines = [json.loads(line) for line in text.splitlines()]
    held = [(line.get("peer", ""), line["id"], line["raw"]) for line in lines if line.get("raw") is not None]
    return sorted(held)


def first_format(source: Path, target: Path):
    """The archive as the first version of the program wrote it: the same rows, none of them packed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = sqlite3.connect(target)
    # The settings of the index may be unknown to the SQLite at hand.
    lines = [line for line in FIRST_FORMAT.read_text().splitlines() if not line.startswith("INSERT INTO search")]
    new.executescript("PRAGMA journal_mode = WAL;" + "\n".join(lines))
    new.execute("ATTACH ? AS other", [str(source)])
    for table in ("facts", "peers", "senders", "messages", "coverage", "tombstones", "conversations"):
        new.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    # The index of words was not made yet.
    new.execute("DELETE FROM facts WHERE key IN ('words', 'repack')")
    new.execute("PRAGMA user_version = 1")
    new.commit()
    new.close()
    os.chmod(target, 0o600)


class Job:
    """Something that is killed while it runs, how an archive looks before, and how it ends when it may."""

    def __init__(self, name: str, words: list, before=None, end=None):
        self.name, self.words, self.before, self.end = name, words, before, end or [words]
        self.takes_s, self.kills, self.hits, self.slowest_s = 0.5, 0, 0, 0.0


def sound(world: World, home: Path, job: Job):
    """Opens at once, and nothing is wrong."""
    began = time.monotonic()
    world.done(home, "archive", "status")
    job.slowest_s = max(job.slowest_s, time.monotonic() - began)
    if job.slowest_s > OPENS_WITHIN_S:
        raise Unsound(f"opened after {job.slowest_s:.2f} s")
    ended = world.run(home, "archive", "verify", "--json")
    if ended.returncode != 0 or json.loads(ended.stdout)["records"]:
        raise Unsound(f"verify ended with {ended.returncode}: {ended.stdout} {ended.stderr}")


def tries(world: World, job: Job, home: Path, kills: int, dice: random.Random):
    """Kills the job so often, each time going on in what the last kill left; ends it from time to time."""
    for _ in range(kills):
        if job.before and not home.exists():
            job.before(home)
        job.kills += 1
        was_running = world.killed(home, job.words, dice.uniform(0, job.takes_s))
        job.hits += was_running
        if not home.exists() or not list((home / ".local/share/manyou/archives").glob("*.db")):
            continue
        sound(world, home, job)
        if not was_running or dice.random() < 0.2:
            check_end(world, job, home)
            shutil.rmtree(home, ignore_errors=True)
    if not home.exists() and job.before:
        job.before(home)
    check_end(world, job, home)
    shutil.rmtree(home, ignore_errors=True)


def check_end(world: World, job: Job, home: Path):
    for words in job.end:
        world.done(home, *words)
    if digest(rows(world, home)) != job.wanted:
        raise Unsound("other rows than without kills")
    ended = world.run(home, "archive", "verify", "--json")
    if ended.returncode != 0 or json.loads(ended.stdout)["records"]:
        raise Unsound(f"at the end: {ended.stdout} {ended.stderr}")


def digest(held: list) -> str:
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()


def conversations(world: World, folder: Path, is_whole: bool) -> list:
    """Those to mirror, in full words."""
    if is_whole:
        return []
    world.done(folder / "all", "sync")
    kept = json.loads(world.done(folder / "all", "archive", "status", "--json"))["records"]
    peers = [record["peer"] for record in kept if record["messages"] <= LONG]
    return [peer if ":" in peer else f"user:{peer}" for peer in peers]


def jobs(world: World, folder: Path, is_whole: bool) -> list:
    """Every job, with what it takes and what it ends with when nobody kills it."""
    sync = ["sync", *conversations(world, folder, is_whole)]
    whole = folder / "whole"
    world.done(whole, *sync)
    file = archive_of(whole)
    below = file.relative_to(whole)
    export = folder / "all.ndjson"
    world.done(whole, "export", "--all", "-f", "-o", str(export))
    old = folder / "old.db"
    first_format(file, old)

    def copy(source: Path):
        def made(home: Path):
            (home / below).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, home / below)
            os.chmod(home / below, 0o600)

        return made

    def unlearned(home: Path):
        copy(file)(home)
        db = sqlite3.connect(home / below)
        db.execute("UPDATE facts SET value = '0' WHERE key = 'words'")
        db.commit()
        db.close()

    target = str(folder / "killed.ndjson")
    all_jobs = [
        Job("sync", sync),
        Job("import", ["import", str(export)]),
        Job("compact", ["archive", "compact"], before=copy(file)),
        Job("export", ["export", "--all", "-f", "-o", target], before=copy(file)),
        Job("reindex", ["import", str(export)], before=unlearned),
        Job("migrate", ["archive", "compact"], before=copy(old)),
        Job("purge", ["archive", "purge", "--all", "--yes"], before=copy(file), end=[sync]),
    ]
    for job in all_jobs:
        home = folder / f"measure-{job.name}"
        if job.before:
            job.before(home)
        began = time.monotonic()
        world.done(home, *job.words)
        job.takes_s = (time.monotonic() - began) * 1.05
        if job.end != [job.words]:
            for words in job.end:
                world.done(home, *words)
        job.wanted = digest(rows(world, home))
        shutil.rmtree(home)
    if any(job.wanted != all_jobs[0].wanted for job in all_jobs):
        raise Unsound("the jobs do not end alike even without kills")
    return all_jobs


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true")
    args = parser.parse_args()
    program = str(Path(args.program).resolve())
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="manyou-kill-") as folder:
        world = World(program, Path(folder))
        job = None
        try:
            all_jobs = jobs(world, Path(folder), args.whole)
            dice = random.Random(args.seed)
            for number, job in enumerate(all_jobs):
                share = args.kills // len(all_jobs) + (number < args.kills % len(all_jobs))
                if share:
                    tries(world, job, Path(folder) / job.name, share, dice)
        except Unsound as unsound:
            print(f"kill: seed {args.seed}, {job.name if job else 'before any kill'}: {unsound}", file=sys.stderr)
            return 1
        finally:
            world.close()
    for job in all_jobs:
        print(f"{job.name}: {job.kills} kills, {job.hits} while it ran, opened within {job.slowest_s * 1e3:.0f} ms")
    hits = sum(job.hits for job in all_jobs)
    print(f"kill: {args.kills} kills, {hits} while it ran, nothing lost, nothing doubled; {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
