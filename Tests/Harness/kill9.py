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

`--at-calls N` uses strace instead of time: the program is killed at its N-th call of --calls
(default: fsync,fdatasync,pwrite64,write,rename,ftruncate,unlink), for N = 1, 2, ... up to --cycles.
"""

import argparse
import os
import random
import re
import select
import shlex
import signal
import subprocess
import sys
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
    parser.add_argument(
        "--calls", default="fsync,fdatasync,pwrite64,write,rename,ftruncate,unlink")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    options.program = options.program[options.program[:1] == ["--"]:]
    return options


def feed(options, program, number, deadline):
    """Runs one cycle; returns how many lines were sent and acknowledged."""
    child = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True)
    os.set_blocking(child.stdout.fileno(), False)
    pattern = re.compile(options.acknowledged)
    sent = acknowledged = 0
    waiting = False
    rest = b""
    try:
        while child.poll() is None and (deadline is None or time.monotonic() < deadline):
            if not waiting:
                line = options.line.replace("{n}", str(number + sent))
                sent += 1
                child.stdin.write(f"{line}\n{options.mark}\n".encode())
                child.stdin.flush()
                waiting = True
            left = 5 if deadline is None else max(0, deadline - time.monotonic())
            if not select.select([child.stdout], [], [], left)[0]:
                if deadline is None:
                    break
                continue
            data = child.stdout.read() or b""
            *lines, rest = (rest + data).split(b"\n")
            if any(pattern.search(text.decode(errors="replace")) for text in lines):
                acknowledged += 1
                waiting = False
    except BrokenPipeError:
        pass
    died = child.poll() is not None
    if not died:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    return sent, acknowledged, died


def main():
    options = arguments()
    rng = random.Random(options.seed)
    number = 0
    least = most = 0
    for cycle in range(1, options.cycles + 1):
        program, deadline = options.program, time.monotonic() + rng.uniform(0, options.longest)
        if options.at_calls:
            program = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={options.calls}",
                       "-e", f"inject={options.calls}:signal=SIGKILL:when={cycle}"] + program
            deadline = time.monotonic() + 20
        sent, acknowledged, died = feed(options, program, number, deadline)
        number += sent
        least += acknowledged
        most += acknowledged + min(1, sent - acknowledged)
        if options.between:
            check = subprocess.run(
                options.between, shell=True, capture_output=True, text=True)
            if check.returncode != 0:
                sys.exit(f"cycle {cycle}, seed {options.seed}: {options.between!r} exits with "
                         f"{check.returncode}\n{check.stdout}{check.stderr}")
        answer = subprocess.run(options.count, shell=True, capture_output=True, text=True)
        try:
            kept = int(answer.stdout.split()[-1])
        except (IndexError, ValueError):
            sys.exit(f"cycle {cycle}: {options.count!r} prints no number\n"
                     f"{answer.stdout}{answer.stderr}")
        if not least <= kept <= most:
            sys.exit(f"cycle {cycle}, seed {options.seed}: {kept} kept, but between {least} and "
                     f"{most} were to be ({shlex.join(program)})")
        least = most = kept
        if options.at_calls and not died:
            print(f"all {cycle - 1} file operations done")
            break
    print(f"{cycle} kills, {number} lines sent, {least} kept, none lost")


if __name__ == "__main__":
    main()
