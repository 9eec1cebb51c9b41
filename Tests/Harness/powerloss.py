#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the power away from a session at every moment, on paper, and looks at what would be left.

    Tests/Harness/powerloss.py [--states 200] [--seed 1] [--keep FOLDER] [--without-syncs] PROGRAM

Some sessions are run under strace, which writes down every change of the files below the state folder
and every answer. A power cut at a moment leaves of each file what it held at its last fsync, and of
each later write all, nothing or, of 512-byte sectors, some, whatever the order they were made in. Of
names made, moved and removed since their folder's last fsync it leaves the first few. For each state
drawn so the files are laid out and the program is asked: `doctor --verify` has to find nothing wrong,
every put that had been answered has to be there, no put may be there without those before it, and the
next put has to work. With `--without-syncs` every fsync counts for nothing, and something has to be
wrong: that shows that the harness would see it.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

CALLS = ("openat,creat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat,"
         "renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat")
SECTOR = 512
PUT = "aws dynamodb put-item --table-name orders --item '{\"id\":{\"S\":\"k%05d\"}}'\ndate\n"
SETUP = (
    "aws dynamodb create-table --table-name orders --billing-mode PAY_PER_REQUEST"
    " --attribute-definitions AttributeName=id,AttributeType=S"
    " --key-schema AttributeName=id,KeyType=HASH --query TableDescription.TableStatus\n"
    "aws dynamodb wait table-exists --table-name orders\ntime +1m\n"
    "aws dynamodb update-continuous-backups --table-name orders"
    " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true --query foo\n")
BACKUP = "aws dynamodb create-backup --table-name orders --backup-name v-%d --query foo\n"


def sessions(puts):
    """What is typed: several starts of the program, backups and a what-if between the puts."""
    texts, number = [], 0
    for session in range(4):
        text = SETUP if session == 0 else ""
        for _ in range(puts // 4):
            text += PUT % number
            number += 1
            if number % 5 == 0:
                text += BACKUP % number
            if number % 7 == 0:
                text += "what-if\n" + BACKUP % number + "discard\n"
        texts.append(text)
    return texts


class File:
    """A file: what is safe, and the writes since."""

    def __init__(self):
        self.safe = bytearray()
        self.pending = []

    def now(self):
        return applied(self.safe, self.pending)


def applied(base, operations):
    content = bytearray(base)
    for kind, offset, data in operations:
        if kind == "truncate":
            if len(content) > offset:
                del content[offset:]
            else:
                content.extend(bytes(offset - len(content)))
        else:
            if len(content) < offset:
                content.extend(bytes(offset - len(content)))
            content[offset:offset + len(data)] = data
    return content


class Disk:
    """The state folder as the calls change it: files behind names, safe and present."""

    def __init__(self, root):
        self.root = root
        self.names = {}        # path -> File, or None for a folder, as programs see it
        self.safe_names = {}   # the same as it is on the disk
        self.moves = []        # changes of names not yet safe: (folder, function)
        self.offsets = {}      # (pid, descriptor) -> position, for plain writes
        self.appends = set()

    def change(self, path, new, old=None):
        """A name is made (new), moved (old) or removed (new is False)."""
        def apply(names):
            if old is not None:
                names[path] = names.pop(old, None)
            elif new is False:
                names.pop(path, None)
            else:
                names[path] = new
        apply(self.names)
        self.moves.append((os.path.dirname(path), apply))

    def sync(self, path):
        if path in self.names and self.names[path] is None or path == self.root:
            rest = []
            for folder, apply in self.moves:
                if folder == path:
                    apply(self.safe_names)
                else:
                    rest.append((folder, apply))
            self.moves = rest
        file = self.names.get(path)
        if file is not None:
            file.safe, file.pending = file.now(), []

    def lay_out(self, folder, choose):
        """Writes one state that a power cut could leave."""
        names = dict(self.safe_names)
        for _, apply in self.moves[:choose.randint(0, len(self.moves))]:
            apply(names)
        for path in sorted(names, key=len):
            target = folder + path[len(self.root):]
            file = names[path]
            if file is None:
                os.makedirs(target, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as out:
                out.write(applied(file.safe, self.left(file.pending, choose)))

    @staticmethod
    def left(pending, choose):
        """What may have reached the disk of writes that were never synced."""
        style = choose.randint(0, 3)
        if style == 0:
            return []
        if style == 1:
            return pending
        if style == 2:  # a prefix, the last of it torn
            kept = pending[:choose.randint(0, len(pending))]
            if kept and kept[-1][0] == "write":
                kind, offset, data = kept[-1]
                kept = kept[:-1] + [(kind, offset, data[:choose.randint(0, len(data) // SECTOR) * SECTOR])]
            return kept
        kept = []
        for kind, offset, data in pending:  # any of them, in sectors
            if kind != "write":
                if choose.random() < 0.5:
                    kept.append((kind, offset, data))
                continue
            for start in range(0, len(data), SECTOR):
                if choose.random() < 0.5:
                    kept.append((kind, offset + start, data[start:start + SECTOR]))
        return kept


LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)(?:<(.*?)>)?(?: .*)?$")
DESCRIPTOR = re.compile(r"^(\d+|AT_FDCWD)(?:<([^>]*)>)?$")


def unescaped(text):
    return bytes.fromhex(text.replace("\\x", "")) if text else b""


def arguments_of(text):
    """The arguments of a call; strings come as bytes, all else as text."""
    found, rest = [], text
    pattern = re.compile(r'\s*(?:"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?|([^",]*(?:<[^>]*>)?[^",]*))(?:,|$)')
    position = 0
    while position < len(rest):
        match = pattern.match(rest, position)
        if not match or match.end() == position:
            break
        if match.group(2):
            raise SystemExit("a string was cut short in the trace")
        found.append(unescaped(match.group(1)) if match.group(1) is not None else match.group(3).strip())
        position = match.end()
    return found


def path_of(text, directory=None):
    path = os.fsdecode(text) if isinstance(text, bytes) else text
    if not path.startswith("/") and directory:
        path = directory + "/" + path
    return os.path.normpath(path)


def descriptor(text):
    match = DESCRIPTOR.match(text)
    path = match.group(2) if match else None
    if path and "\\x" in path:
        path = os.fsdecode(unescaped(path))
    return (match.group(1) if match else None), path


def unfinished_joined(lines):
    """Joins the two halves of a call that another thread interrupted."""
    waiting = {}
    for line in lines:
        begun = re.match(r"^(\d+) +(.*) <unfinished \.\.\.>$", line)
        if begun:
            waiting[begun.group(1)] = begun.group(2)
            continue
        resumed = re.match(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$", line)
        if resumed and resumed.group(1) in waiting:
            line = f"{resumed.group(1)} {waiting.pop(resumed.group(1))}{resumed.group(2)}"
        yield line


def events(trace, root, answers):
    """The calls that matter: (kind, ...) in order."""
    with open(trace, encoding="ascii", errors="replace") as file:
        lines = [line.rstrip("\n") for line in file]
    for line in unfinished_joined(lines):
        match = LINE.match(line)
        if not match or match.group(4) in ("-1", "?"):
            continue
        pid, call, rest, result, opened = match.groups()
        args = arguments_of(rest)
        if call in ("openat", "creat"):
            _, directory = descriptor(args[0]) if call == "openat" else (None, None)
            path = path_of(args[1] if call == "openat" else args[0], directory)
            flags = args[2] if call == "openat" else "O_CREAT|O_TRUNC"
            if path.startswith(root):
                yield ("open", path, flags, (pid, result))
        elif call in ("write", "pwrite64", "ftruncate", "fsync", "fdatasync"):
            number, path = descriptor(args[0])
            if path is None:
                continue
            if call == "write" and path == answers:
                yield ("answer", args[1])
            elif path.startswith(root):
                if call == "write":
                    yield ("write", path, None, args[1], (pid, number))
                elif call == "pwrite64":
                    yield ("write", path, int(args[3]), args[1], (pid, number))
                elif call == "ftruncate":
                    yield ("truncate", path, int(args[1]))
                else:
                    yield ("sync", path)
        elif call in ("writev", "pwritev"):
            if (descriptor(args[0])[1] or "").startswith(root):
                raise SystemExit(f"the harness does not know {call}")
        elif call.startswith("rename"):
            paths = [path_of(arg) for arg in args if isinstance(arg, bytes)]
            if paths[0].startswith(root):
                yield ("rename", *paths)
        elif call.startswith(("unlink", "rmdir")):
            path = path_of(next(arg for arg in args if isinstance(arg, bytes)))
            if path.startswith(root):
                yield ("remove", path)
        elif call.startswith("mkdir"):
            path = path_of(next(arg for arg in args if isinstance(arg, bytes)))
            if path.startswith(root):
                yield ("folder", path)
        elif call.startswith("link"):
            if any(isinstance(arg, bytes) and path_of(arg).startswith(root) for arg in args):
                raise SystemExit("the harness does not know link")


def step(disk, event):
    kind = event[0]
    if kind == "open":
        _, path, flags, handle = event
        if "O_CREAT" in flags and path not in disk.names:
            disk.change(path, File())
        if "O_TRUNC" in flags and disk.names.get(path) is not None:
            disk.names[path].pending.append(("truncate", 0, None))
        disk.offsets[handle] = 0
        disk.appends.discard(handle)
        if "O_APPEND" in flags:
            disk.appends.add(handle)
    elif kind == "write":
        _, path, offset, data, handle = event
        file = disk.names.get(path)
        if file is None:
            return
        if offset is None:
            offset = len(file.now()) if handle in disk.appends else disk.offsets.get(handle, 0)
            disk.offsets[handle] = offset + len(data)
        file.pending.append(("write", offset, data))
    elif kind == "truncate" and disk.names.get(event[1]) is not None:
        disk.names[event[1]].pending.append(("truncate", event[2], None))
    elif kind == "sync":
        disk.sync(event[1])
    elif kind == "rename":
        disk.change(event[2], None, old=event[1])
    elif kind == "remove":
        disk.change(event[1], False)
    elif kind == "folder":
        disk.change(event[1], None)


def check(program, home, answered, sent):
    """What is wrong with a state; nothing, mostly."""
    def run(*words):
        return subprocess.run(
            [program, *words], env=dict(os.environ, REWIND_HOME=home), capture_output=True,
            text=True, timeout=60)
    doctor = run("doctor", "--verify")
    if doctor.returncode != 0:
        return f"doctor: {doctor.stdout}{doctor.stderr}"
    if answered == 0:
        # The world, or the table in it, need not be there yet; asking must not fail on the state.
        status = run("aws", "dynamodb", "list-tables").returncode
        return None if status == 0 else f"list-tables ends with {status}"
    scan = run("aws", "dynamodb", "scan", "--table-name", "orders", "--query", "Items[].id.S",
               "--output", "text")
    keys = sorted(scan.stdout.split())
    if scan.returncode != 0 or keys != ["k%05d" % number for number in range(len(keys))]:
        return f"scan ({scan.returncode}): {keys} {scan.stderr}"
    if not answered <= len(keys) <= sent:
        return f"{answered} puts were answered, {sent} sent, {len(keys)} are there"
    put = run("aws", "dynamodb", "put-item", "--table-name", "orders", "--item", '{"id":{"S":"z"}}')
    return None if put.returncode == 0 else f"the next put: {put.stderr}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--puts", type=int, default=24)
    parser.add_argument("--keep", help="a folder for the first state that fails")
    parser.add_argument("--without-syncs", action="store_true", help="what the harness itself is worth")
    parser.add_argument("program")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="rewind-power-")
    try:
        sys.exit(play(options, os.path.realpath(work)))
    finally:
        shutil.rmtree(work)


def play(options, work):
    root, trace, answers = work + "/home", work + "/trace", work + "/answers"
    os.mkdir(root)
    program = os.path.abspath(options.program)
    texts = sessions(options.puts)
    for number, text in enumerate(texts):
        with open(f"{work}/session{number}", "w") as file:
            file.write(text)
    script = "; ".join(f"'{program}' < {work}/session{n}" for n in range(len(texts)))
    with open(answers, "wb") as out:
        subprocess.run(
            ["strace", "-f", "-y", "-xx", "-s", "4000000", "-e", f"trace={CALLS}", "-o", trace,
             "sh", "-c", script],
            env=dict(os.environ, REWIND_HOME=root, REWIND_NOW="2026-05-01T09:00:00Z"), stdout=out,
            stderr=subprocess.DEVNULL, check=True)
    found = list(events(trace, root, answers))
    syncs = sum(event[0] == "sync" for event in found)
    told = b"".join(event[1] for event in found if event[0] == "answer")
    total = len(re.findall(rb"^\d{4}-\d\d-\d\dT[\d:]+Z$", told, re.M))
    if total != options.puts // 4 * 4 or syncs < total:
        print(f"the trace does not fit: {total} puts answered, {syncs} syncs")
        return 1
    # So many states at each moment that the number asked for comes out.
    choose = random.Random(options.seed)
    moments = sorted(choose.choices(range(len(found) + 1), k=options.states))
    disk, text, made, failures = Disk(root), b"", 0, 0
    for position in range(len(found) + 1):
        while made < len(moments) and moments[made] == position:
            made += 1
            home = work + "/state"
            shutil.rmtree(home, ignore_errors=True)
            os.mkdir(home)
            disk.lay_out(home, choose)
            answered = len(re.findall(rb"^\d{4}-\d\d-\d\dT[\d:]+Z$", text, re.M))
            problem = check(program, home, answered, total)
            if problem:
                failures += 1
                if not options.without_syncs:
                    print(f"after call {position} of {len(found)} ({found[position - 1][:3] if position else ''}): {problem}")
                if options.keep and failures == 1:
                    shutil.copytree(home, options.keep)
        if position < len(found):
            if found[position][0] == "answer":
                text += found[position][1]
            elif not (options.without_syncs and found[position][0] == "sync"):
                step(disk, found[position])
    print(f"{made} states after power cuts, drawn from {len(found)} calls ({syncs} syncs) of "
          f"{len(texts)} sessions: {failures} wrong")
    return 0 if (failures > 0) == options.without_syncs else 1


if __name__ == "__main__":
    main()
