#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a program at random moments and counts what it had answered against what it kept.

    Tests/Harness/kill9.py --cycles 50 --seed 1 \\
        --line "aws dynamodb put-item --table-name t --item '{\\"id\\":{\\"S\\":\\"{n}\\"}}'" \\
        --count "rewind aws dynamodb scan --table-name t --select COUNT --query Count" \\
        --between "rewind doctor --verify" \\
        -- rewind

The program after `--` reads lines from standard input. For each cycle the harness starts it, feeds
it `--line` again and again ({n} counts over all cycles), and sends `--mark` after each, whose answer
on standard output (a line that holds MARK) acknowledges the line before it. At a random moment the
program gets SIGKILL. Then `--between` has to exit with 0, and `--count` has to print a number: the
lines that were kept. At least all acknowledged ones have to be there, and at most one more a cycle.

With `--at-calls` strace picks the moments: for each system call of --calls the program is killed at
its 1st, 2nd, ... such call (never more than --cycles times), until a run of --lines lines has no such
call left. With `--error EIO` the call fails instead, and the program may go on or stop.
"""

import argparse
import os
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.5, help="seconds until the kill, at most")
    parser.add_argument("--line", required=True, help="what to feed; {n} is a running number")
    parser.add_argument("--mark", default="date", help="a line whose answer acknowledges")
    parser.add_argument("--acknowledged", default=".", help="what its answer matches (a pattern)")
    parser.add_argument("--count", required=True, help="prints how many lines were kept")
    parser.add_argument("--between", help="has to succeed after each kill")
    parser.add_argument("--at-calls", action="store_true", help="kill at each file operation")
    parser.add_argument("--error", help="with --at-calls: let the call fail so, such as EIO")
    parser.add_argument("--lines", type=int, default=3, help="with --at-calls: lines a run")
    parser.add_argument(
        "--calls", default="fsync,fdatasync,pwrite64,write,rename,ftruncate,unlink")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    options.program = options.program[options.program[:1] == ["--"]:]
    return options


def feed(options, program, number, seconds, limit):
    """Runs the program once, to the kill or to the end of `limit` lines.

    Returns how many lines were sent and acknowledged, and whether it ended by itself.
    """
    child = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True)
    os.set_blocking(child.stdout.fileno(), False)
    pattern = re.compile(options.acknowledged)
    deadline = time.monotonic() + seconds
    sent = acknowledged = 0
    rest = b""
    try:
        while time.monotonic() < deadline and child.poll() is None:
            if sent == acknowledged:
                if sent == limit:
                    child.stdin.close()
                    child.wait(timeout=max(0.1, deadline - time.monotonic()))
                    break
                line = options.line.replace("{n}", str(number + sent))
                sent += 1
                child.stdin.write(f"{line}\n{options.mark}\n".encode())
                child.stdin.flush()
            if not select.select([child.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                continue
            data = child.stdout.read()
            if data == b"":
                break
            *lines, rest = (rest + (data or b"")).split(b"\n")
            if any(pattern.search(text.decode(errors="replace")) for text in lines):
                acknowledged += 1
    except (BrokenPipeError, subprocess.TimeoutExpired):
        pass
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    status = child.wait()
    return sent, acknowledged, status >= 0 and sent == acknowledged == limit


class Tally:
    """Lines that must have been kept, and those that may have been."""

    def __init__(self, options):
        self.options = options
        self.kills = self.sent = 0
        self.kept = self.count("before the first cycle")

    def cycle(self, program, seconds, limit, what):
        sent, acknowledged, ended = feed(self.options, program, self.sent, seconds, limit)
        self.sent += sent
        if self.options.between:
            check = subprocess.run(
                self.options.between, shell=True, capture_output=True, text=True)
            if check.returncode != 0:
                sys.exit(f"{what}: {self.options.between!r} exits with {check.returncode}\n"
                         f"{check.stdout}{check.stderr}")
        least, most = self.kept + acknowledged, self.kept + sent
        self.kept = self.count(what)
        if not least <= self.kept <= most:
            sys.exit(f"{what}: {self.kept} kept, but {least} to {most} should be")
        self.kills += not ended
        return ended

    def count(self, what):
        answer = subprocess.run(self.options.count, shell=True, capture_output=True, text=True)
        try:
            return int(answer.stdout.split()[-1])
        except (IndexError, ValueError):
            sys.exit(f"{what}: {self.options.count!r} prints no number\n"
                     f"{answer.stdout}{answer.stderr}")


def main():
    options = arguments()
    tally = Tally(options)
    if options.at_calls:
        trace = tempfile.NamedTemporaryFile()
        fault = f"error={options.error}" if options.error else "signal=SIGKILL"
        for call in options.calls.split(","):
            for when in range(1, options.cycles + 1):
                program = ["strace", "-f", "-qq", "-o", trace.name, "-e", f"trace={call}",
                           "-e", f"inject={call}:{fault}:when={when}"] + options.program
                ended = tally.cycle(
                    program, 20, options.lines, f"{fault} at {call} number {when}")
                if ended and "INJECTED" not in open(trace.name).read():
                    print(f"{call}: {when - 1} places")
                    break
    else:
        rng = random.Random(options.seed)
        for cycle in range(1, options.cycles + 1):
            tally.cycle(options.program, rng.uniform(0, options.longest), 1 << 60,
                        f"cycle {cycle}, seed {options.seed}")
    print(f"{tally.kills} faults, {tally.sent} lines sent, {tally.kept} kept, none lost")


if __name__ == "__main__":
    main()
