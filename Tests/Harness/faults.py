#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets every single file operation of a dozen workloads go wrong, and looks at what is left.

    Tests/Harness/faults.py PROGRAM                     every operation, every fault
    Tests/Harness/faults.py --sample 100 PROGRAM        so many, drawn at random (--seed)
    Tests/Harness/faults.py --workload undo PROGRAM     one workload
    Tests/Harness/faults.py --sequences 40 PROGRAM      sequences of one to three commands instead, so
                                                        many drawn from all that run to their end

For each workload the operations on files below the state folder are counted (`faults.c`, preloaded).
Then for each operation N and each fault (EIO, ENOSPC, a short write, killed before, killed after,
killed half way through a write) the workload runs on a fresh copy, and N goes wrong. A line is
acknowledged when the answer to the `date` behind it has come. Afterwards, without faults:

- what can be seen is what a run without faults shows after the acknowledged lines, or after one more
  line, never anything between;
- the next command works;
- `rewind doctor --verify` finds everything as it was written;
- a run that met an error and did not end with 0 ended with status 5 and one line that says why.
"""

import argparse
import itertools
import os
import pathlib
import random
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
START = ["--strict", "--seed", "7", "--clock", "2026-03-06T17:40:00Z"]
MARK = re.compile(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", re.M)
WRITES = {"write", "pwrite", "pwrite64"}
READS = {"read", "pread", "pread64"}

TABLE = ("aws dynamodb create-table --table-name {} --attribute-definitions "
         "AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH "
         "--billing-mode PAY_PER_REQUEST --query TableDescription.TableStatus")


def item(key):
    return '{"id":{"S":"%s"}}' % key


def put(key):
    return f"aws dynamodb put-item --table-name orders --item '{item(key)}'"


def update(condition):
    return (f"aws dynamodb update-item --table-name orders --key '{item('k1')}' "
            f"--update-expression 'SET n = :n' --condition-expression '{condition}' "
            "--expression-attribute-values '{\":n\":{\"N\":\"1\"}}'")


def batch(key):
    requests = ",".join('{"PutRequest":{"Item":%s}}' % item(f"{key}{n}") for n in range(5))
    return "aws dynamodb batch-write-item --request-items '{\"orders\":[%s]}'" % requests


RECOVERY = ("aws dynamodb update-continuous-backups --table-name orders "
            "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true "
            "--query ContinuousBackupsDescription.ContinuousBackupsStatus")
BACKUP = "B=$(aws dynamodb create-backup --table-name orders --backup-name {} " \
         "--query BackupDetails.BackupArn --output text)"
RESTORE = ("aws dynamodb restore-table-from-backup --target-table-name restored --backup-arn $B "
           "--query TableDescription.TableStatus")
DELETE = "aws dynamodb delete-table --table-name orders --query TableDescription.TableStatus"

BASE = [TABLE.format("orders"), "wait", put("k1"), put("k2"), RECOVERY,
        BACKUP.format("first")]
WORKLOADS = {
    "put": (BASE, [put("a"), put("b"), put("c")]),
    "batch": (BASE, [batch("a"), batch("b")]),
    "update": (BASE, [update("attribute_not_exists(n)"), update("n = :n")]),
    "create-table": (BASE, [TABLE.format("second"), "wait", TABLE.format("third")]),
    "backup": (BASE, [BACKUP.format("one"), BACKUP.format("two")]),
    "restore": (BASE, [RESTORE, "wait"]),
    "delete-table": (BASE, [DELETE, "time +20s"]),
    "lab": ([], ["lab first-backup", "aws dynamodb create-backup --table-name orders "
                 "--backup-name pre-release --query BackupDetails.BackupStatus", "check"]),
    "what-if": (BASE, ["what-if", put("a"), "keep", "what-if", put("b"), "discard"]),
    "undo": (BASE, [put("a"), "undo", put("b"), "undo", "redo"]),
    "first-start": (None, [TABLE.format("orders"), "wait", put("a")]),
    "world-copy": (BASE, ["world copy sandbox other", put("a"), "world remove other"]),
    "world-file": (BASE, ["world export {home}/one.world", "world import {home}/one.world other",
                          "world use other", put("a")]),
    "doctor": (BASE + [put(f"tail-{n}") for n in range(30)], None),
}
# What sequences are made of.
STEPS = [put("a"), batch("b"), update("attribute_not_exists(n)"), TABLE.format("second"),
         BACKUP.format("one"), RESTORE, DELETE, "wait", "time +20s", "mark here", "undo", "redo",
         "what-if", "keep", "discard", "world copy sandbox other"]
LOOK = ["date", "aws dynamodb list-tables"] + [
    f"aws dynamodb {command} --table-name {table}" for table in ("orders", "restored")
    for command in ("scan", "describe-continuous-backups")] + [
    "aws dynamodb describe-table --table-name second --query Table.TableStatus",
    "aws dynamodb describe-table --table-name third --query Table.TableStatus",
    "aws dynamodb list-backups --backup-type ALL", "world list"]
# How much a world takes depends on when SQLite tidies up; its entries count reads, whose trace may be lost.
SIZE = re.compile(r" +[0-9,]+ entr(y|ies) +[0-9,]+ bytes$", re.M)
# A lab whose start was cut short is one that was begun and left: starting it again goes on in its world.
LEFT = re.compile(r"^    first-backup-1\n", re.M)


class Runner:
    def __init__(self, program, folder, shim):
        self.program, self.folder, self.shim = program, folder, shim
        self.number = 0

    def environment(self, home, **fault):
        environment = dict(os.environ, REWIND_HOME=str(home), TZ="UTC", LC_ALL="C.UTF-8")
        if fault:
            environment.update(fault, LD_PRELOAD=str(self.shim), FAULT_HOME=str(home))
        return environment

    def fresh(self, template):
        """A copy of a state folder, or an empty one."""
        # One path for all, because a lab's state may name its own place.
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        if template is not None:
            shutil.copytree(template, home)
        return home

    def template(self, setup):
        """A state folder after the lines of a setup, to be copied and not changed."""
        place = self.folder / f"template-{zlib.crc32(repr(setup).encode()):08x}"
        if not place.exists():
            home = self.fresh(None)
            acknowledged, status, error = self.feed(home, setup)
            assert status == 0 and acknowledged == len(setup), (setup, status, error)
            shutil.copytree(home, place)
        return place

    def feed(self, home, lines, **fault):
        """Runs lines one by one: how many were acknowledged, the exit status, standard error."""
        child = subprocess.Popen(
            [self.program, *START], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment(home, **fault), cwd=ROOT)
        acknowledged, text = 0, b""
        try:
            for line in lines:
                child.stdin.write(f"{line}\ndate\n".encode())
                child.stdin.flush()
                text = b""
                deadline = time.monotonic() + 60
                while not MARK.search(text):
                    if not select.select([child.stdout], [], [], deadline - time.monotonic())[0]:
                        raise TimeoutError(line)
                    data = os.read(child.stdout.fileno(), 65536)
                    if not data:
                        raise BrokenPipeError
                    text += data
                acknowledged += 1
            child.stdin.close()
        except BrokenPipeError:
            pass
        except TimeoutError:
            child.kill()
        _, error = None, child.stderr.read().decode(errors="replace")
        child.stdout.close()
        return acknowledged, child.wait(), error

    def lines(self, home, lines):
        return subprocess.run(
            [self.program, *START[1:]], input="\n".join(lines) + "\n", capture_output=True, text=True,
            env=self.environment(home), cwd=ROOT, timeout=120)

    def look(self, home):
        """What a learner can see, and whether the next command works."""
        seen = self.lines(home, LOOK)
        return LEFT.sub("", SIZE.sub("", seen.stdout + seen.stderr))

    def doctor(self, home, **fault):
        return subprocess.run(
            [self.program, "doctor", "--verify"], capture_output=True, text=True,
            env=self.environment(home, **fault), cwd=ROOT, timeout=120)


class Workload:
    def __init__(self, name, runner, setup, lines):
        self.name, self.runner = name, runner
        self.template = None if setup is None else runner.template(setup or ["date"])
        self.lines = lines and [line.replace("{home}", str(runner.folder / "home")) for line in lines]
        self.states = self.reference()
        self.operations = self.count()

    def reference(self):
        """What can be seen after each number of lines."""
        states = []
        for count in range(len(self.lines or []) + 1):
            home = self.runner.fresh(self.template)
            if self.lines and count:
                acknowledged, status, error = self.runner.feed(home, self.lines[:count])
                assert acknowledged == count, (self.name, count, status, error)
            states.append(self.runner.look(home))
        return states

    def count(self):
        """The names of the operations, in order."""
        home = self.runner.fresh(self.template)
        log = self.runner.folder / "operations"
        log.unlink(missing_ok=True)
        self.run(home, FAULT_LOG=str(log))
        return [line.split()[1] for line in log.read_text().splitlines()]

    def run(self, home, **fault):
        if self.lines is not None:
            return self.runner.feed(home, self.lines, **fault)
        done = self.runner.doctor(home, **fault)
        return 0, done.returncode, done.stdout + done.stderr

    def faults(self):
        for number, operation in enumerate(self.operations, 1):
            kinds = ["eio", "before", "after"]
            if operation not in READS:
                kinds.append("enospc")
            if operation in WRITES:
                kinds += ["short", "torn"]
            for kind in kinds:
                yield number, operation, kind

    def try_fault(self, number, operation, kind):
        """What is wrong after a fault; None if nothing is."""
        home = self.runner.fresh(self.template)
        acknowledged, status, error = self.run(home, FAULT_AT=str(number), FAULT_KIND=kind)
        is_killed = kind in ("before", "after", "torn")
        if status < 0 and not (is_killed and status == -9):
            return f"dies with signal {-status}: {error[-300:]}"
        if status > 0:
            # A message may be wrapped; an empty line parts one from the next.
            said = [text for text in error.split("\n\n") if text.strip()]
            # SQLite takes pages that the disk does not give for damaged ones, and the doctor names damage with 1.
            is_unread = self.lines is None and kind == "eio" and operation in READS
            if status != 5 and not (is_unread and status == 1):
                return f"exit status {status}: {error[-300:]}"
            if self.lines is not None and len(said) != 1:
                return f"{len(said)} messages instead of one: {error[-600:]}"
        seen = self.runner.look(home)
        if seen not in self.states[acknowledged:acknowledged + 2]:
            where = [n for n, state in enumerate(self.states) if state == seen]
            return (f"{acknowledged} lines acknowledged, status {status}, but the state is "
                    f"{'after ' + str(where) if where else 'no known one'}: {error[-200:]}\n{seen[-400:]}")
        name = f"after-{number}-{kind}"
        next_table = TABLE.format(name)
        following = self.runner.lines(home, [next_table])
        if following.returncode != 0 or "CREATING" not in following.stdout:
            return f"the next command: {following.stdout}{following.stderr}"
        check = self.runner.doctor(home)
        if check.returncode != 0:
            return f"doctor --verify: {check.stdout}{check.stderr}"
        return None


def drawn_sequences(count, runner, chance):
    """Workloads of one to three commands that all run to their end, as many as are asked for."""
    every = [steps for length in (1, 2, 3) for steps in itertools.product(STEPS, repeat=length)]
    chance.shuffle(every)
    workloads = []
    for steps in every:
        if len(workloads) == count:
            break
        home = runner.fresh(runner.template(BASE))
        acknowledged, status, _ = runner.feed(home, steps)
        if (acknowledged, status) == (len(steps), 0):
            workloads.append(Workload(" | ".join(step[:40] for step in steps), runner, BASE, steps))
    return workloads


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, help="so many faults, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workload", choices=list(WORKLOADS), action="append")
    parser.add_argument("--sequences", type=int, help="so many sequences instead of the workloads")
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    started = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rewind-faults-"))
    try:
        shim = folder / "faults.so"
        subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "faults.c", "-ldl"],
                       check=True)
        runner = Runner(str(options.program.resolve()), folder, shim)
        chance = random.Random(options.seed)
        if options.sequences:
            workloads = drawn_sequences(options.sequences, runner, chance)
        else:
            workloads = [Workload(name, runner, *WORKLOADS[name])
                         for name in options.workload or WORKLOADS]
        cases = [(workload, *fault) for workload in workloads for fault in workload.faults()]
        total = len(cases)
        if options.sample and options.sample < total:
            cases = chance.sample(cases, options.sample)
        counts = [f"{workload.name} {len(workload.operations)}" for workload in workloads]
        print(f"file operations: {', '.join(counts)}", flush=True)
        bad = 0
        for workload, number, operation, kind in cases:
            what = workload.try_fault(number, operation, kind)
            if what:
                bad += 1
                print(f"{workload.name}: {kind} at operation {number} ({operation}): {what}",
                      flush=True)
        print(f"{len(cases)} of {total} faults at {sum(len(w.operations) for w in {c[0] for c in cases})} "
              f"file operations: {bad} with a fault left behind, in {time.monotonic() - started:.0f} s")
        sys.exit(1 if bad else 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
