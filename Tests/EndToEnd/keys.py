#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Presses the keys of the prompt in a terminal (tmux) and looks at the screen.

    Tests/EndToEnd/keys.py PROGRAM
"""

import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
PLACE = "Fri 6 Mar 17:40Z>"
results = []


class Terminal:
    """The program in a terminal of its own, with a state folder of its own."""

    def __init__(self, *words, columns=100, environment=()):
        self.home = tempfile.mkdtemp(prefix="rewind-keys-")
        self.socket = f"rewind-keys-{os.getpid()}-{time.monotonic_ns()}"
        settings = [f"REWIND_HOME={self.home}", "TERM=screen-256color", "LANG=C.UTF-8", *environment]
        command = ["env", *settings, PROGRAM, "--clock", "2026-03-06T17:40:00Z", "--seed", "7", *words]
        line = " ".join(f"'{word}'" for word in command)
        self.tmux("new-session", "-d", "-x", str(columns), "-y", "50", "-c", str(ROOT),
                  f"{line}; echo left with $?; sleep 60")

    def __enter__(self):
        self.wait("rewind>")
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")
        shutil.rmtree(self.home, ignore_errors=True)

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-L", self.socket, "-f", "/dev/null", *words], capture_output=True, text=True)
        return done.stdout

    def screen(self, colours=False):
        return self.tmux("capture-pane", "-p", "-S", "-500", *(["-e"] if colours else []))

    def wait(self, text, count=1, seconds=20):
        deadline = time.monotonic() + seconds
        shown = ""
        while time.monotonic() < deadline:
            shown = self.screen()
            if shown.count(text) >= count:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"{text!r} x {count} never came:\n{shown.rstrip()}")

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def line(self, text):
        self.type(text)
        self.press("Enter")

    def paste(self, text):
        subprocess.run(["tmux", "-L", self.socket, "load-buffer", "-"], input=text, text=True)
        self.tmux("paste-buffer", "-p")


def check(function):
    try:
        function()
        results.append(True)
        print(f"ok     {function.__doc__}")
    except Exception as error:  # every failure is reported with its check
        results.append(False)
        print(f"FAILED {function.__doc__}: {error}")
    sys.stdout.flush()


@check
def completes():
    """Tab completes words, operations, options and names that exist, with descriptions"""
    with Terminal() as terminal:
        terminal.line("lab first-backup")
        terminal.wait(PLACE)
        terminal.type("aws dynamodb create-b")
        terminal.press("Tab")
        terminal.wait("dynamodb create-backup")
        terminal.type("--tab")
        terminal.press("Tab")
        terminal.wait("create-backup --table-name")
        terminal.type("o")
        terminal.press("Tab")
        terminal.wait("--table-name orders")
        terminal.press("C-c")
        terminal.type("aws dynamodb create-backup --")
        terminal.press("Tab")
        terminal.wait("required")


@check
def clears():
    """Ctrl-C clears the line and nothing of it is run"""
    with Terminal() as terminal:
        terminal.type("date")
        terminal.press("C-c")
        terminal.wait("date^C")
        terminal.line("variables")
        shown = terminal.wait("No name has a value")
        assert "2026-03-06T" not in shown, shown


@check
def continues():
    """a backslash and an open quote go on in the next line"""
    with Terminal() as terminal:
        terminal.line("aws dynamodb list-tables \\")
        terminal.wait("> ", 1)
        terminal.line("  --query TableNames")
        terminal.wait("[]")
        terminal.line("X='a")
        terminal.line("b'")
        terminal.line("variables")
        terminal.wait("X=a\\u{a}b")


@check
def pastes():
    """a pasted block runs line by line and stops at the first error"""
    with Terminal() as terminal:
        terminal.paste("date\nfoo\nvariables\n")
        terminal.press("Enter")
        shown = terminal.wait("was not run")
        assert "foo is no word here" in shown, shown
        assert "No name has a value" not in shown, shown


@check
def remembers():
    """Up finds earlier lines that begin so, Ctrl-R searches, also in the next session, mode 0600"""
    with Terminal() as terminal:
        terminal.line("date")
        terminal.wait("2026-03-06T17:40:00Z")
        terminal.line("variables")
        terminal.wait("No name has a value")
        terminal.type("da")
        terminal.press("Up")
        terminal.press("Enter")
        terminal.wait("2026-03-06T17:40:00Z", 2)
        terminal.press("C-r")
        terminal.type("variab")
        terminal.press("Enter")
        terminal.wait("No name has a value", 2)
        terminal.press("C-d")
        terminal.wait("left with 0")
        history = pathlib.Path(terminal.home) / "learners" / "default" / "history"
        assert stat.S_IMODE(history.stat().st_mode) == 0o600, oct(history.stat().st_mode)
        assert "variables" in history.read_text()


@check
def ends():
    """a termination signal leaves the terminal as it was, with everything saved"""
    with Terminal() as terminal:
        terminal.line("X=kept")
        terminal.line("date")
        terminal.wait("2026-03-06T17:40:00Z")
        name = pathlib.Path(PROGRAM).name
        children = subprocess.run(
            ["pgrep", "-f", f"{PROGRAM} --clock"], capture_output=True, text=True).stdout.split()
        for child in children:
            environment = pathlib.Path(f"/proc/{child}/environ").read_bytes()
            command = pathlib.Path(f"/proc/{child}/comm").read_text().strip()
            if terminal.home.encode() in environment and command == name:
                os.kill(int(child), signal.SIGTERM)
        terminal.wait("left with 0")
        done = subprocess.run(
            [PROGRAM, "variables"], capture_output=True, text=True,
            env=dict(os.environ, REWIND_HOME=terminal.home), cwd=ROOT)
        assert done.stdout == "X=kept\n", done.stdout


@check
def colours():
    """colour is for terminals that have it, and not with NO_COLOR or TERM=dumb"""
    with Terminal() as terminal:
        assert "\x1b[1m" in terminal.screen(colours=True), terminal.screen(colours=True)
    for setting in ("NO_COLOR=1", "TERM=dumb"):
        with Terminal(environment=[setting]) as terminal:
            terminal.line("help all")
            terminal.wait("Ctrl-C")
            assert "\x1b[1m" not in terminal.screen(colours=True), setting


@check
def narrow():
    """60 columns are enough for the start screen and the words"""
    with Terminal(columns=60) as terminal:
        terminal.line("help all")
        shown = terminal.wait("Ctrl-C clears")
        assert all(len(line) <= 60 for line in shown.splitlines())


print(f"{results.count(True)} passed, {results.count(False)} failed")
sys.exit(0 if all(results) else 1)
