#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the built program as a person and as a script would, and kills it.

    Tests/EndToEnd/end_to_end.py [--long] PROGRAM

Without --long a sample of the kills is made; with it, 50 at random moments and one at each file
operation of a put, a backup, a restore and a lab check.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HARNESS = HERE.parent / "Harness" / "kill9.py"
LONG = "--long" in sys.argv[1:]
PROGRAM = str(pathlib.Path([word for word in sys.argv[1:] if word != "--long"][0]).resolve())
CLOCK = "2026-03-06T17:40:00Z"
results = []


class Home:
    """A state folder of its own for one check."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="rewind-")
        self.environment = dict(os.environ, REWIND_HOME=self.path, TZ="UTC", LC_ALL="C.UTF-8")
        self.environment.pop("NO_COLOR", None)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def run(self, *words, lines=None, check=None, timeout=120):
        done = subprocess.run(
            [PROGRAM, *words], input=lines, capture_output=True, text=True,
            env=self.environment, cwd=ROOT, timeout=timeout)
        if check is not None:
            assert done.returncode == check, (words, done.returncode, done.stdout, done.stderr)
        return done


def passes(name):
    def register(function):
        start = time.monotonic()
        try:
            said = function()
            results.append((name, None))
            print(f"ok     {name} ({time.monotonic() - start:.1f} s){': ' + said if said else ''}")
        except Exception as error:  # every failure is reported, with its check's name
            results.append((name, error))
            print(f"FAILED {name}: {error!r}")
        sys.stdout.flush()
        return function

    return register


FIRST_LAB = """lab first-backup
aws dynamodb create-backup --table-name order --backup-name pre-release
check
aws dynamodb create-backup --table-name orders --backup-name pre-release
check
quit
"""

CREATE = (
    "aws dynamodb create-table --table-name orders"
    " --attribute-definitions AttributeName=id,AttributeType=S"
    " --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST"
)


@passes("a piped session solves the first lab, without control codes")
def piped():
    with Home() as home:
        done = home.run(lines=FIRST_LAB, check=0)
        assert "Table not found: order" in done.stderr, done.stderr
        assert "[no]   0/10" in done.stdout, done.stdout
        assert "[yes] 10/10" in done.stdout, done.stdout
        assert "Lab done: 10 of 10" in done.stdout, done.stdout
        assert "\x1b" not in done.stdout + done.stderr


@passes("the same lines and seed give the same bytes")
def same():
    outputs = []
    for locale in ("C", "C.UTF-8"):
        with Home() as home:
            home.environment["LC_ALL"] = locale
            home.environment["TZ"] = "America/New_York" if locale == "C" else "Asia/Tokyo"
            outputs.append(home.run("--seed", "7", "--clock", CLOCK, lines=CREATE + "\n").stdout)
    assert outputs[0] == outputs[1] and "TableArn" in outputs[0], outputs


@passes("exit statuses are those of the AWS CLI and of the README")
def statuses():
    with Home() as home:
        home.run("aws", "dynamodb", "list-tables", check=0)
        home.run("aws", "dynamodb", "describe-table", "--table-name", "nope", check=254)
        home.run("aws", "dynamodb", "describe-table", check=252)
        home.run("author", "check", "scenarios", "questions", check=0, timeout=1200)
        for file in sorted((ROOT / "Tests" / "ContentTests" / "Broken").glob("*.yaml")):
            done = home.run("author", "check", str(file), check=3)
            place = re.compile(r"%s:\d+:\d+: error [a-z0-9-]+: " % re.escape(file.name))
            assert place.search(done.stdout + done.stderr), (file, done.stdout, done.stderr)


@passes("an export is read by the real gunzip, and imported it is the same table")
def exports():
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    put = "aws dynamodb put-item --table-name orders --item '{\"id\":{\"S\":\"%s\"},\"v\":{\"N\":\"%d\"}}'\n"
    with Home() as home:
        home.run(
            "--seed", "7", "--clock", CLOCK, check=0,
            lines=CREATE + "\ntime +20s\n"
            "aws dynamodb update-continuous-backups --table-name orders"
            " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true\n"
            + "".join(put % ("ü-%d" % number, number) for number in range(20))
            + "aws s3 mb s3://shelf\n"
            f"aws dynamodb export-table-to-point-in-time --table-arn {table} --s3-bucket shelf\n"
            "time +6m\n")
        listed = home.run(lines="aws s3 ls s3://shelf --recursive\n", check=0).stdout
        keys = [line.split(" ")[-1] for line in listed.splitlines()]
        data = [key for key in keys if key.endswith(".json.gz")]
        assert data and any(key.endswith("manifest-summary.json") for key in keys), listed
        found = []
        for key in data:
            packed = subprocess.run(
                [PROGRAM], input=f"aws s3 cp s3://shelf/{key} -\n".encode(), capture_output=True,
                env=home.environment, cwd=ROOT, timeout=120)
            assert packed.returncode == 0 and not packed.stderr, packed
            text = subprocess.run(["gunzip"], input=packed.stdout, capture_output=True, check=True)
            found += [json.loads(line)["Item"] for line in text.stdout.splitlines()]
        wanted = [{"id": {"S": "ü-%d" % n}, "v": {"N": str(n)}} for n in range(20)]
        assert sorted(found, key=str) == sorted(wanted, key=str), found
        folder = data[0].rsplit("/", 1)[0] + "/"
        home.run(
            check=0,
            lines=f"aws dynamodb import-table --s3-bucket-source S3Bucket=shelf,S3KeyPrefix={folder}"
            " --input-format DYNAMODB_JSON --input-compression-type GZIP"
            " --table-creation-parameters '{\"TableName\":\"copy\",\"BillingMode\":"
            "\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{\"AttributeName\":\"id\","
            "\"AttributeType\":\"S\"}],\"KeySchema\":[{\"AttributeName\":\"id\","
            "\"KeyType\":\"HASH\"}]}'\ntime +5m\n")
        scans = [
            json.loads(home.run("aws", "dynamodb", "scan", "--table-name", name, check=0).stdout)
            for name in ("orders", "copy")]
        assert scans[0]["Items"] == scans[1]["Items"] and scans[0]["Count"] == 20, scans


@passes("a world goes to another machine in one file, and a damaged file is refused")
def one_file():
    with Home() as home, Home() as other:
        home.run(lines=CREATE + "\nmark made\n", check=0)
        file = pathlib.Path(home.path) / "one.world"
        home.run("world", "export", str(file), check=0)
        home.run("world", "export", str(file), check=2)
        other.run("world", "import", str(file), "mine", check=0)
        other.run("world", "use", "mine", check=0)
        same = ("aws", "dynamodb", "describe-table", "--table-name", "orders")
        assert other.run(*same, check=0).stdout == home.run(*same, check=0).stdout
        other.run("undo", "made", check=0)
        whole = file.read_bytes()
        file.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
        done = other.run("world", "import", str(file), "x", check=5)
        assert "Nothing was changed; export the" in done.stderr.replace("\n", " "), done.stderr
        assert other.run("world", "list", check=0).stdout.count("\n") == 1
        other.run("doctor", "--verify", check=0)


@passes("what the doctor cannot look at ends with 5, what is damaged with 1")
def unread():
    with Home() as home:
        home.run(lines=CREATE, check=0)
        world = pathlib.Path(home.path) / "learners/default/worlds/sandbox/world.sqlite"
        whole = world.read_bytes()
        world.write_bytes(whole[:4096] + bytes([whole[4096] ^ 255]) + whole[4097:])
        assert "Damaged" in home.run("doctor", "--verify", check=1).stdout
        world.unlink()
        world.symlink_to(world.name)
        done = home.run("doctor", "--verify", check=5)
        assert "Unread" in done.stdout and "Damaged" not in done.stdout, done.stdout


@passes("a full device is noticed")
def full_device():
    with Home() as home, open("/dev/full", "w") as full:
        done = subprocess.run(
            [PROGRAM, "help"], stdout=full, stderr=subprocess.PIPE, env=home.environment)
        assert done.returncode == 5, done.returncode


@passes("work in a lab is there again after leaving in the middle")
def comes_back():
    with Home() as home:
        home.run(lines="lab first-backup\naws dynamodb create-backup --table-name orders"
                 " --backup-name pre-release\n", check=0)
        done = home.run(lines="lab resume\ncheck\n", check=0)
        assert "[yes] 10/10" in done.stdout, done.stdout


class Endpoint:
    """`rewind serve` on a free port."""

    def __init__(self, home, *options):
        self.home = home
        self.options = options

    def __enter__(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", *self.options], stdout=subprocess.PIPE, text=True,
            env=self.home.environment)
        self.address = re.search(r"http://\S+:\d+", self.process.stdout.readline())[0]
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(20) == 0, self.process.returncode

    def control(self, path, **members):
        body = json.dumps(members).encode() if members else None
        with urllib.request.urlopen(f"{self.address}/_rewind/{path}", body, timeout=20) as answer:
            return json.loads(answer.read())

    def ask(self, operation, **members):
        asked = urllib.request.Request(
            self.address, json.dumps(members).encode(), {
                "X-Amz-Target": f"DynamoDB_20120810.{operation}",
                "Content-Type": "application/x-amz-json-1.0",
                "Authorization": "AWS4-HMAC-SHA256 Credential=123456789012/20260306/us-east-1"
                                 "/dynamodb/aws4_request, SignedHeaders=host, Signature=00"})
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                body = answer.read()
                assert int(answer.headers["x-amz-crc32"]) == zlib.crc32(body)
                return json.loads(body)
        except urllib.error.HTTPError as refused:
            return json.loads(refused.read())


ORDERS = {
    "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}


@passes("other clients share the world: journal, undo, polling, and what is kept after a kill")
def other_clients():
    with Home() as home:
        with Endpoint(home) as served:
            assert served.ask("CreateTable", **ORDERS)["TableDescription"]["TableStatus"] == "CREATING"
            looks = [served.ask("DescribeTable", TableName="orders")["Table"]["TableStatus"]
                     for _ in range(2)]
            assert looks == ["CREATING", "ACTIVE"], looks
            for number in range(3):
                served.ask("PutItem", TableName="orders", Item={"id": {"S": str(number)}})
            refused = served.ask("DescribeTable", TableName="none")
            assert refused["__type"].endswith("#ResourceNotFoundException"), refused
            second = home.run("aws", "dynamodb", "list-tables", "--output", "text", check=0)
            assert second.stdout == "TABLENAMES\torders\n", second
            before = served.control("world")
            assert served.control("time", advance="5m")["now"] > before["now"]
            after = served.control("world")
            assert after["world"] == "sandbox" and after["undoable"] == before["undoable"] + 1, after
        said = home.run(lines="log\nundo 2\naws dynamodb scan --table-name orders --query Count\n",
                        check=0).stdout
        assert "dynamodb PutItem (endpoint)" in said, said
        assert said.rstrip().endswith("2"), said
        with Endpoint(home) as served:
            served.ask("PutItem", TableName="orders", Item={"id": {"S": "kept"}})
            served.process.kill()
            served.process.wait()
            served.process.returncode = 0
        kept = home.run("aws", "dynamodb", "scan", "--table-name", "orders", "--query",
                        "Items[].id.S", "--output", "text", check=0).stdout
        assert "kept" in kept, kept


@passes("the endpoint's time goes at once or with the wall clock, and a world in memory leaves nothing")
def other_times():
    with Home() as home:
        with Endpoint(home, "--memory", "--instant") as served:
            served.ask("CreateTable", **ORDERS)
            assert served.ask("DescribeTable", TableName="orders")["Table"]["TableStatus"] == "ACTIVE"
            world = served.control("world")
            assert (world["world"], world["clock"], world["pending"]) == ("memory", "instant", []), world
            served.control("reset", now=True)
            assert served.ask("ListTables") == {"TableNames": []}
        with Endpoint(home, "--speed", "60") as served:
            served.ask("CreateTable", **ORDERS)
            deadline = time.monotonic() + 20
            while served.ask("DescribeTable", TableName="orders")["Table"]["TableStatus"] != "ACTIVE":
                assert time.monotonic() < deadline
                time.sleep(0.1)
            before = served.control("world")["now"]
            time.sleep(0.2)
            assert served.control("world")["now"] > before
        assert home.run("aws", "dynamodb", "list-tables", "--output", "text", check=0).stdout.split() == [
            "TABLENAMES", "orders"]


class Owner:
    """A prompt whose lines come from a pipe, with a world open."""

    def __init__(self, home, *options):
        self.home = home
        self.process = subprocess.Popen(
            [PROGRAM, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=home.environment, cwd=ROOT)
        self.type("date")
        assert self.process.stdout.readline().startswith("20")
        deadline = time.monotonic() + 20
        while not self.socket.exists() and time.monotonic() < deadline:
            time.sleep(0.01)

    @property
    def socket(self):
        return pathlib.Path(self.home.path, "learners", "default", "worlds", "sandbox", "world.sock")

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


PUT = "aws dynamodb put-item --table-name orders --item {\"id\":{\"S\":\"%s\"}}"


@passes("other processes' lines go to the one that has the world open, byte for byte")
def shared_world():
    orders = (CREATE, "time +20s", PUT % "a", "aws dynamodb describe-table --table-name order",
              "aws dynamodb scan --table-name orders", "aws dynamodb describe-table", "undo", "nosuch")
    options = ("--seed", "7", "--clock", CLOCK)
    with Home() as home, Home() as alone, Home() as long_path:
        with Owner(home, *options):
            for words in orders:
                there, here = [where.run(*options, *words.split()) for where in (home, alone)]
                assert (there.returncode, there.stdout, there.stderr) == (
                    here.returncode, here.stdout, here.stderr), (there, here)
            one = home.run("aws", "dynamodb", "put-item", "--table-name", "orders", "--item",
                           "file:///dev/stdin", lines='{"id":{"S":"x"}}')
            # Not a regular file, wherever it is read.
            assert one.returncode == 252, one
        # Paths longer than a socket's address.
        long_path.environment["REWIND_HOME"] = os.path.join(long_path.path, *["d" * 60] * 3)
        long_path.path = long_path.environment["REWIND_HOME"]
        with Owner(long_path) as owner:
            assert owner.socket.stat().st_mode & 0o777 == 0o600
            said = long_path.run("status", check=0).stdout
            assert f"process {owner.process.pid}" in said, said


@passes("sixteen processes at once are answered, and the owner's log and undo see them all")
def sixteen():
    with Home() as home:
        home.run(lines=CREATE + "\ntime +20s\n", check=0)
        with Owner(home) as owner:
            began = time.monotonic()
            puts = [subprocess.Popen(
                [PROGRAM, *(PUT % number).split(), "--return-values", "ALL_OLD"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=home.environment)
                for number in range(16)]
            for put in puts:
                assert put.communicate(timeout=60)[0] == "" and put.returncode == 0
            took = time.monotonic() - began
            owner.type("aws dynamodb scan --table-name orders --query Count")
            assert owner.process.stdout.readline() == "16\n"
            owner.type("undo 16\naws dynamodb scan --table-name orders --query Count\nquit")
            said = owner.process.communicate(timeout=60)[0]
            assert "Undone: 16 changes." in said and said.endswith("0\n"), said
            return f"{took * 1000 / 16:.0f} ms each"


@passes("an owner that is stopped is named within two seconds; one that is killed is followed")
def stopped_and_killed():
    with Home() as home:
        home.run(lines=CREATE + "\ntime +20s\n", check=0)
        with Owner(home) as owner:
            owner.process.send_signal(signal.SIGSTOP)
            began = time.monotonic()
            refused = home.run("aws", "dynamodb", "list-tables")
            took = time.monotonic() - began
            assert refused.returncode == 5 and took < 2.5, (took, refused)
            assert f"process {owner.process.pid}," in " ".join(refused.stderr.split()), refused
            owner.process.send_signal(signal.SIGCONT)
            home.run("aws", "dynamodb", "list-tables", check=0)
            # Killed while it works for another process, which goes on as the owner.
            put = ("aws dynamodb put-item --table-name orders --item '{\"id\":{\"S\":\"%d\"}}'"
                   " --return-consumed-capacity TOTAL --query ConsumedCapacity.CapacityUnits\n")
            script = subprocess.Popen(
                [PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, env=home.environment)
            script.stdin.write("".join(put % number for number in range(300)))
            script.stdin.flush()
            assert script.stdout.readline() == "1.0\n"
            owner.process.kill()
            owner.process.wait()
            assert owner.socket.exists()
            script.stdin.write("aws dynamodb scan --table-name orders --query Count\nstatus\n")
            said, complaints = script.communicate(timeout=120)
            assert "owner  this process" in said, said
            answered = 1 + said.count("1.0\n")
            kept = int(re.search(r"^\d+$", said, re.M)[0])
            # Nothing that was answered is lost; of the one that was not, nobody knows.
            assert 299 <= answered <= kept <= 300, (answered, kept, complaints)
            assert answered == 300 or "ended before it answered" in complaints, complaints
        assert home.run("doctor", "--verify").returncode == 0


@passes("a program runs with the endpoint's environment, and its status is ours")
def served_program():
    with Home() as home:
        done = home.run("serve", "--", "sh", "-c", "echo $AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID; exit 7")
        assert done.returncode == 7, done
        assert re.search(r"^http://127.0.0.1:\d+ 123456789012$", done.stdout, re.M), done.stdout
        process = subprocess.Popen(
            [PROGRAM, "serve", "--", "sleep", "600"], env=home.environment)
        time.sleep(1)
        process.terminate()
        assert process.wait(20) == 128 + signal.SIGTERM, process.returncode
        assert "export AWS_ENDPOINT_URL=http://127.0.0.1:8000\n" in home.run("env", check=0).stdout


def readme_lines():
    """README's lines for another client, with a look before each wait: a waiter's own second look
    comes after 20 seconds of the wall clock."""
    block = re.search(r"^```sh\n(aws dynamodb create-table .*?)^```$",
                      (ROOT / "README.md").read_text(), re.M | re.S)[1]
    return re.sub(r"^aws dynamodb wait .* (--table-name \S+)$",
                  r"aws dynamodb describe-table \1\n\g<0>", block, flags=re.M)


@passes("README's lines for the real AWS CLI: create, put, backup, delete, restore, wait, query")
def real_cli():
    if not shutil.which("aws"):
        return "skipped: aws is not installed"
    with Home() as home:
        script = pathlib.Path(home.path) / "path.sh"
        script.write_text("set -e\n" + readme_lines())
        done = home.run("serve", "--", "bash", str(script), check=0)
        assert done.stdout.count('"CREATING"') >= 4, done  # each made, and seen so
        read = json.loads(done.stdout[done.stdout.rindex('\n{\n    "Items"'):])
        assert read["Items"] == [{"Artist": {"S": "Nina Simone"}}], read
        logged = home.run(lines="log\n", check=0).stdout
        assert "dynamodb RestoreTableFromBackup (endpoint)" in logged, logged


@passes("a terminal shows the prompt, completes names, and clears a line with Ctrl-C")
def terminal():
    session = f"rewind-{os.getpid()}"
    with Home() as home:
        def tmux(*words):
            return subprocess.run(["tmux", "-L", session, *words], capture_output=True, text=True)

        def screen(until, seconds=10):
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                shown = tmux("capture-pane", "-p", "-S", "-200").stdout
                if until in shown:
                    return shown
                time.sleep(0.1)
            raise AssertionError((until, shown))

        try:
            tmux("new-session", "-d", "-x", "100", "-y", "40",
                 f"env REWIND_HOME={home.path} TERM=xterm {PROGRAM}; sleep 1")
            screen("rewind>")
            tmux("send-keys", "lab first-backup", "Enter")
            screen("17:40Z>")
            tmux("send-keys", "aws dynamodb create-b", "Tab")
            screen("create-backup")
            tmux("send-keys", "C-c")
            tmux("send-keys", "status", "Enter")
            screen("clock")
            tmux("send-keys", "C-d")
        finally:
            tmux("kill-server")


def harness(home, name, line, count, setup, *options, cycles):
    home.run(lines="\n".join(setup) + "\n", check=0)
    script = pathlib.Path(home.path) / "count"
    script.write_text("#!/bin/sh\n" + count + "\n")
    script.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(HARNESS), "--cycles", str(cycles), "--line", line, "--mark", "date",
         "--acknowledged", "Z", "--count", str(script), "--between",
         f"{PROGRAM} doctor --verify", *options, "--", PROGRAM],
        capture_output=True, text=True, env=home.environment, cwd=ROOT, timeout=3000)
    assert done.returncode == 0, (name, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout.strip().splitlines()[-1]


READY = [CREATE, "time +20s"]
PUT = "aws dynamodb put-item --table-name orders --item '{\"id\":{\"S\":\"{n}\"}}'"
COUNT_ITEMS = f"{PROGRAM} aws dynamodb scan --table-name orders --select COUNT --query Count"
BACKUP = "aws dynamodb create-backup --table-name orders --backup-name backup-{n}"
COUNT_BACKUPS = f"{PROGRAM} aws dynamodb list-backups --query 'length(BackupSummaries)'"
COUNT_TABLES = f"{PROGRAM} aws dynamodb list-tables --query 'length(TableNames) || `0`'"


@passes("kill -9 at random moments loses no acknowledged put")
def random_kills():
    with Home() as home:
        return harness(home, "put", PUT, COUNT_ITEMS, READY, cycles=50 if LONG else 10)


@passes("kill -9 at file operations of a put loses nothing")
def put_kills():
    with Home() as home:
        return harness(
            home, "put", PUT, COUNT_ITEMS, READY, "--at-calls", "--lines", "1",
            cycles=500 if LONG else 2)


@passes("kill -9 at file operations of a backup loses nothing")
def backup_kills():
    with Home() as home:
        return harness(
            home, "backup", BACKUP, COUNT_BACKUPS, READY, "--at-calls", "--lines", "1",
            cycles=500 if LONG else 2)


def killed_check(prepared, call, number):
    """Kills a check at one file operation, on a copy of the state; false if there is none such.

    A check changes no resource: afterwards the state is sound, and either the backup is there to
    be graded, or its grade is.
    """
    with Home() as home:
        shutil.rmtree(home.path)
        shutil.copytree(prepared.path, home.path)
        done = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
             f"inject={call}:signal=SIGKILL:when={number}", PROGRAM],
            input="lab resume\ncheck\n", capture_output=True, text=True,
            env=home.environment, cwd=ROOT)
        if done.returncode == 0:
            return False
        home.run("doctor", "--verify", check=0)
        backups = home.run(
            "aws", "dynamodb", "list-backups", "--region", "us-east-1", "--query",
            "length(BackupSummaries)", check=0)
        again = home.run(lines="lab resume\ncheck\n")
        finished = "10/10" in again.stdout or "Every task is done." in again.stdout
        assert backups.stdout.strip() == "1" and finished, (
            call, number, backups.stdout, again.stdout, again.stderr)
        return True


if LONG:
    @passes("kill -9 at file operations of a restore loses nothing")
    def restore_kills():
        with Home() as home:
            setup = READY + [
                "aws dynamodb update-continuous-backups --table-name orders"
                " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"]
            line = ("aws dynamodb restore-table-to-point-in-time --source-table-name orders"
                    " --target-table-name restored-{n} --use-latest-restorable-time")
            count = COUNT_TABLES.replace("|| `0`", "") + " | awk '{print $1 - 1}'"
            return harness(
                home, "restore", line, count, setup, "--at-calls", "--lines", "1", cycles=500)

    @passes("kill -9 at file operations of a lab check loses nothing")
    def check_kills():
        with Home() as prepared:
            prepared.run(
                lines="lab first-backup\naws dynamodb create-backup --table-name orders"
                " --backup-name pre-release\n", check=0)
            kills = 0
            for call in ("fsync", "fdatasync", "pwrite64", "write", "rename"):
                for number in range(1, 60):
                    if not killed_check(prepared, call, number):
                        break
                    kills += 1
            assert kills > 5, kills
            return f"{kills} kills"


failed = sum(1 for _, error in results if error)
print(f"{len(results) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
