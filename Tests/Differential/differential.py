#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs each command of the corpus at Rewind and with the real AWS CLI, and compares every byte.

    Tests/Differential/differential.py PROGRAM [FILE...] [--only TEXT] [--show] [--real]

Every group of a corpus file begins in a fresh world, twice: a prompt has one, and the other
stands behind `rewind serve`, where Debian's `awscli` (version 2) talks to it, led by our own models.
Lines come to the prompt as those of a second one do, over its socket; now and then, and where a line
names files, `rewind aws` brings them. So seldom a program has to be started.
After each command both clocks are set to the later one's next whole second, so that identifiers and
times are the same and can be compared as they are. Standard output and exit status must be equal;
standard error after `aws: [ERROR]: ` is taken away. What differs on purpose is marked in the
corpus with its reason, may be one in twenty of the whole, and fails when it does not differ any more.

A corpus file has one of these a line:

    # a comment
    == a group
    aws dynamodb list-tables                      a command, its words cut as a shell does
    NAME=$(aws ... --output text)                 a command whose answer $NAME stands for afterwards
    time +5m                                      moves both clocks
    set AWS_REGION=eu-west-1                      an environment variable, to the group's end
    file NAME TEXT                                a file in the folder of both
    differs: REASON                               accepts a difference of the next command
    differs usage: REASON                         the same, but what is left without the usage block is equal

With --show the answers of commands that differ are printed whole; with --real each command starts
both programs anew, which takes ten times as long.
"""

import argparse
import concurrent.futures
import datetime
import difflib
import http.client
import json
import os
import pathlib
import queue
import re
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Harness"))
import botocore_models

ORACLE_PYTHON = "/usr/bin/python3"
ORACLE = "/usr/bin/aws"
START = ["--seed", "7", "--clock", "2026-03-06T17:40:00Z"]
ACCEPTED_SHARE = 0.05
REAL_PROCESS_EVERY = 100
WORKERS = 2
USAGE = """usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
"""


class Case:
    """A command of the corpus."""

    def __init__(self, place, text, name=None, accepted=None, kind=None):
        self.place, self.text, self.name = place, text, name
        self.accepted, self.kind = accepted, kind


def read(path):
    """The groups of a corpus file: a name and a list of cases and of (word, rest) each."""
    groups, accepted, kind = [], None, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("== "):
            groups.append((f"{path.name}: {line[3:]}", []))
            continue
        steps = groups[-1][1]
        reason = re.match(r"differs(?: (\w+))?: (.+)", line)
        capture = re.fullmatch(r"([A-Z_0-9]+)=\$\((aws .*)\)", line)
        if reason:
            kind, accepted = reason.groups()
        elif capture:
            steps.append(Case(place, capture[2], capture[1], accepted, kind))
            accepted = kind = None
        elif line.startswith("aws"):
            steps.append(Case(place, line, None, accepted, kind))
            accepted = kind = None
        else:
            word, _, rest = line.partition(" ")
            if word not in ("time", "set", "file"):
                raise SystemExit(f"{place}: what is {word!r}?")
            steps.append((word, rest))
    return groups


class Prompt:
    """A prompt that owns a world, reached as other processes reach it."""

    def __init__(self, program, environment, folder):
        self.process = subprocess.Popen(
            [program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.process.stdin.write(b"date\n")
        self.process.stdin.flush()
        # The world is open once it answers.
        self.process.stdout.readline()
        place = pathlib.Path(environment["REWIND_HOME"]) / "learners/default/worlds/sandbox/world.sock"
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        for _ in range(100):
            if place.exists():
                break
            time.sleep(0.05)
        self.socket.connect(str(place))
        terminal = {name: False for name in ("interactive", "shown", "colour", "unicode")}
        self.ask({
            "rewind": 1, "json": False, "coaches": False, "content": None, "folder": str(folder),
            "environment": {}, "terminal": dict(terminal, columns=80)})

    def ask(self, body):
        """A message's answer: its body and its parts."""
        head = json.dumps({"body": body, "parts": []}).encode()
        self.socket.sendall(struct.pack(">II", 4 + len(head), len(head)) + head)
        rest = self.take(*struct.unpack(">I", self.take(4)))
        end = 4 + struct.unpack(">I", rest[:4])[0]
        head, parts = json.loads(rest[4:end]), []
        for count in head["parts"]:
            parts.append(rest[end:end + count])
            end += count
        return head["body"], parts

    def take(self, count):
        taken = bytearray()
        while len(taken) < count:
            some = self.socket.recv(count - len(taken))
            assert some, "the prompt ended"
            taken += some
        return bytes(taken)

    def line(self, words, variables):
        """Status, output and errors of a line; nil where it names files."""
        answer, parts = self.ask({
            "kind": "command", "words": words, "settings": list(map(list, variables.items())),
            "typed": shlex.join(words), "columns": 80, "files": []})
        if "missing" in answer:
            return None
        pieces = {"out": b"", "err": b""}
        for kind, part in zip(answer["written"], parts):
            pieces[kind] += part
        return outcome(answer["status"], pieces["out"], pieces["err"])

    def close(self):
        self.socket.close()
        self.process.communicate()


class Worker:
    """A pair of worlds, and the programs that act on them."""

    def __init__(self, program, folder, models, every):
        self.program, self.every = program, every
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.files = self.folder / "files"
        self.template = self.folder / "template"
        self.home = self.folder / "home"
        common = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        self.prompt_environment = dict(common, REWIND_HOME=str(self.home))
        self.oracle_environment = dict(
            common, HOME=str(self.folder), AWS_DATA_PATH=str(models),
            AWS_ACCESS_KEY_ID="123456789012", AWS_SECRET_ACCESS_KEY="rewind",
            AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE="/dev/null", AWS_PAGER="",
            AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_EC2_METADATA_DISABLED="true")
        for home in (self.template, self.folder / "served"):
            self.rewind(*START, "time", REWIND_HOME=str(home))
        self.server = subprocess.Popen(
            [program, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True,
            env=dict(self.prompt_environment, REWIND_HOME=str(self.folder / "served")))
        self.address = re.search(r"http://[0-9.:]+", self.server.stdout.readline())[0]
        self.connection = http.client.HTTPConnection(self.address[len("http://"):], timeout=30)
        self.oracle = subprocess.Popen(
            [ORACLE_PYTHON, str(HERE / "oracle.py")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=self.oracle_environment)
        self.prompt = None

    def close(self):
        if self.prompt:
            self.prompt.close()
        for process in (self.oracle, self.server):
            process.terminate()
            process.wait()

    # What is asked of the two sides

    def rewind(self, *words, **variables):
        return subprocess.run(
            [self.program, *words], capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
            cwd=self.files if self.files.exists() else None,
            env=dict(self.prompt_environment, **variables))

    def endpoint(self, method, path, body=None):
        self.connection.request(method, path, body and json.dumps(body))
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status < 300, (path, body, text)
        return json.loads(text or b"{}")

    def begin(self):
        """Both worlds at their start."""
        if self.prompt:
            self.prompt.close()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.template, self.home)
        shutil.rmtree(self.files, ignore_errors=True)
        self.files.mkdir()
        self.prompt = Prompt(
            self.program, dict(self.prompt_environment, REWIND_HOME=str(self.home)), self.files)
        self.endpoint("POST", "/_rewind/reset")
        self.now = self.endpoints_clock()
        self.names = [{}, {}]
        self.variables = {}

    def at_rewind(self, words, real):
        words = ["aws", "--cli-error-format", "legacy", *words]
        answer = None if real else self.prompt.line(words, self.variables)
        if answer:
            return answer
        done = self.rewind(*words, **self.variables)
        return outcome(done.returncode, done.stdout, done.stderr)

    def at_oracle(self, words, real):
        words = ["--endpoint-url", self.address, *words]
        if real:
            done = subprocess.run(
                [ORACLE, *words], capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
                cwd=self.files, env=dict(self.oracle_environment, **self.variables))
            return outcome(done.returncode, done.stdout, done.stderr)
        self.oracle.stdin.write(
            json.dumps({"words": words, "in": str(self.files), "set": self.variables}) + "\n")
        self.oracle.stdin.flush()
        answer = json.loads(self.oracle.stdout.readline())
        return answer["status"], answer["stdout"], answer["stderr"]

    # The clocks

    def rewinds_clock(self, *words):
        text = self.prompt.line(["time", *words], {})[1]
        return instant(re.search(r"\d{4}-\S+Z", text)[0])

    def endpoints_clock(self):
        return instant(self.endpoint("GET", "/_rewind/world")["now"])

    def align(self, accepted):
        """Brings both clocks to the next whole second of the later one.

        What both accepted took a second at the prompt; else its clock is asked if the other moved.
        """
        there = self.endpoints_clock()
        if there == self.now:
            here = self.now
        else:
            here = self.now + 1000 if accepted else self.rewinds_clock()
        self.now = max(here, -(-there // 1000) * 1000)
        if here < self.now:
            here = self.rewinds_clock(f"+{(self.now - here) // 1000}s")
            assert here == self.now, (here, there, self.now)
        if there < self.now:
            self.endpoint("POST", "/_rewind/time", {"advance": f"{self.now - there}ms"})

    # The corpus

    def step(self, word, rest):
        if word == "time":
            self.now = self.rewinds_clock(rest)
            self.endpoint("POST", "/_rewind/time", {"advance": rest.lstrip("+")})
        elif word == "set":
            name, _, value = rest.partition("=")
            self.variables[name] = value
        else:
            name, _, text = rest.partition(" ")
            (self.files / name).write_text(text.encode().decode("unicode_escape") if "\\n" in text else text)

    def words(self, case, side):
        """The words after `aws`, with what stands for earlier answers put in."""
        known = self.names[side]
        put = lambda match: known.get(match[1], match[0])
        return [re.sub(r"\$([A-Z_0-9]+)", put, word) for word in shlex.split(case.text)[1:]]

    def compare(self, case, number):
        """A list of what differs; empty for equal outcomes."""
        real = number % self.every == 0 and " wait " not in case.text
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            theirs = other.submit(self.at_oracle, self.words(case, 1), real)
            ours = self.at_rewind(self.words(case, 0), real)
            theirs = theirs.result()
        self.align(accepted=ours[0] == theirs[0] == 0 and " wait " not in case.text)
        if case.name:
            self.names = [
                {**known, case.name: answer[1].strip()}
                for known, answer in zip(self.names, (ours, theirs))]
        return ours, theirs


def instant(text):
    """Milliseconds since 1970."""
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def outcome(status, out, err):
    return status, out.decode("utf-8", "backslashreplace"), err.decode("utf-8", "backslashreplace")


def without_prefix(text):
    return text.replace("aws: [ERROR]: ", "", 1)


def without_usage(text):
    """What a line that does not parse is told, without the block that both print and its frame."""
    text = without_prefix(text).replace(USAGE, "")
    text = text.replace("aws: error: ", "", 1)
    text = text.replace("An error occurred (ParamValidation): ", "", 1)
    # Since version 2.31 the choices are not listed any more.
    text = re.sub(r"Invalid choice, valid choices are:\n\n(?:\S.* \| .*\n|\S+ +\n)+", "Found invalid choice\n", text)
    text = re.sub(r"Found invalid choice '[^']*'", "Found invalid choice", text)
    text = re.sub(r"Invalid choice: '[^']*', maybe you meant", "Maybe you meant", text)
    return " ".join(text.split())


def differences(ours, theirs, kind=None):
    """What is not equal, by name."""
    clean = without_usage if kind == "usage" else without_prefix
    found = []
    if ours[0] != theirs[0]:
        found.append("status")
    if ours[1] != theirs[1]:
        found.append("stdout")
    if clean(ours[2]) != (without_usage(theirs[2]) if kind == "usage" else theirs[2]):
        found.append("stderr")
    return found


def shown(ours, theirs):
    """The two outcomes as a difference, the AWS CLI's first."""
    text = f"    status: aws {theirs[0]}, rewind {ours[0]}\n" if ours[0] != theirs[0] else ""
    for name, at in (("stdout", 1), ("stderr", 2)):
        pair = [(theirs[at]).splitlines(True), without_prefix(ours[at]).splitlines(True)]
        if pair[0] != pair[1]:
            lines = difflib.unified_diff(*pair, f"aws {name}", f"rewind {name}", n=1)
            text += "".join("    " + line.rstrip("\n") + "\n" for line in lines)
    return text


def run_group(worker, steps, only):
    """The cases of a group with both outcomes."""
    worker.begin()
    done = []
    for step in steps:
        if isinstance(step, tuple):
            worker.step(*step)
        else:
            done.append((step, *worker.compare(step, int(step.place.rpartition(":")[2]))))
    assert worker.rewinds_clock() == worker.endpoints_clock(), "the two clocks differ"
    return done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--only", default="", help="groups whose name has this text")
    parser.add_argument("--show", action="store_true", help="print differing answers whole")
    parser.add_argument("--real", action="store_true", help="start a program for each command")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    version = subprocess.run(
        [ORACLE, "--version"], capture_output=True, text=True).stdout if os.path.exists(ORACLE) else ""
    if not version.startswith("aws-cli/2"):
        print("skipped: the distribution's AWS CLI version 2 (package awscli) is not installed")
        return 0
    files = options.files or sorted(HERE.glob("*.txt"))
    groups = [group for file in files for group in read(file) if options.only in group[0]]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rewind-differential-") as folder:
        models = pathlib.Path(folder) / "models"
        botocore_models.lay_out(models)
        workers = queue.SimpleQueue()
        every = 1 if options.real else REAL_PROCESS_EVERY
        all_workers = [Worker(program, folder, models, every) for _ in range(WORKERS)]
        for worker in all_workers:
            workers.put(worker)

        def run(group):
            worker = workers.get()
            try:
                return run_group(worker, group[1], options.only)
            finally:
                workers.put(worker)

        try:
            with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
                results = [case for done in pool.map(run, groups) for case in done]
        finally:
            for worker in all_workers:
                worker.close()
    share = 1 if options.files or options.only else ACCEPTED_SHARE
    return report(results, version.split()[0], time.monotonic() - begun, share)


def report(results, version, seconds, share):
    equal, accepted, failed = 0, [], []
    for case, ours, theirs in results:
        found = differences(ours, theirs)
        if case.accepted and not found:
            failed.append((case, "is marked as differing and does not", ""))
        elif case.accepted and (case.kind is None or not differences(ours, theirs, case.kind)):
            accepted.append(case)
        elif found:
            failed.append((case, " and ".join(found) + " differ", shown(ours, theirs)))
        else:
            equal += 1
    for case, what, text in failed:
        print(f"{case.place}: {what}\n  {case.text}\n{text}")
    print("Accepted differences:")
    for case in accepted:
        print(f"  {case.place}: {case.text}\n    {case.accepted}")
    too_many = len(accepted) > share * len(results)
    print(
        f"{len(results)} commands beside {version}: {equal} equal, {len(accepted)} differ as accepted"
        f" ({100 * len(accepted) / max(1, len(results)):.1f} %{', too many' if too_many else ''}),"
        f" {len(failed)} failed ({seconds:.0f} s)")
    return 1 if failed or too_many else 0


if __name__ == "__main__":
    sys.exit(main())
