"""The demo's server on its own, and a signed-in profile for it: the screen and the verbs read the same conversation."""

import contextlib
import json
import os
import subprocess
import tempfile

LONG = "longtime"
"""The peer of the demo's conversation of 20,000 messages."""


class Shop:
    """A running server and how to reach it."""

    def __init__(self, binary, home, ready):
        self.binary, self.ready = binary, ready
        self.env = {"HOME": home, "TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
                    **{"XDG_%s_HOME" % kind: os.path.join(home, kind) for kind in ("CONFIG", "STATE", "DATA", "CACHE")}}
        agent = ready["users"][0]
        self.run(["login", "shop", "--api", ready["api"], "--app-key", ready["app_key"], "--user", agent["user_id"],
                  "--password-stdin"], stdin=agent["password"])

    def run(self, arguments, stdin="", out=subprocess.PIPE):
        """Runs a verb of the program."""
        done = subprocess.run([self.binary, *arguments], input=stdin.encode(), stdout=out, env={**os.environ, **self.env},
                              stderr=subprocess.DEVNULL, check=True)
        return done.stdout

    def screen(self):
        """Arguments that open the screen on this server."""
        return [self.binary, "tui", "--profile", "shop"]

    def printed(self, peer, path):
        """Prints a whole conversation into a file, oldest first."""
        with open(path, "wb") as file:
            self.run(["history", peer, "--plain", "--all", "--direction", "down", "--profile", "shop"], out=file)


@contextlib.contextmanager
def opened(binary, *more):
    """A shop with all its data; `more` are flags of its server."""
    with tempfile.TemporaryDirectory(prefix="manyou-figures-") as home:
        server = subprocess.Popen([binary, "serve", "--demo", "--data", os.path.join(home, "data"), *more],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            yield Shop(binary, home, json.loads(server.stdout.readline()))
        finally:
            server.terminate()
            server.wait()
