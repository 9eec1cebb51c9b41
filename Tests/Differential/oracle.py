#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands of the real AWS CLI version 2, each in a fork of one process that has it loaded.

    oracle.py            answers on standard input and output, an object a line:
        {"words": [...], "in": FOLDER, "set": {...}} -> {"status": 0, "stdout": "...", "stderr": "..."}

A start of the AWS CLI takes most of a second, a fork a few milliseconds. A fork has all that a new
process has but for what was read from disk: modules and the services' models. Waiters do not sleep:
the endpoint's clock is not the wall's.
"""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time

from awscli import clidriver

# The botocore that this AWS CLI brings along, under whatever name.
loaders = importlib.import_module(clidriver.botocore.__name__ + ".loaders")

LIMIT_SECONDS = 30


def keep(owner, method):
    """Makes all objects of a class share what a method of theirs once answered."""
    ask = getattr(owner, method)
    known = {}

    def answer(self, *arguments, **named):
        key = (arguments, tuple(sorted(named.items())))
        if key not in known:
            known[key] = ask(self, *arguments, **named)
        return known[key]

    setattr(owner, method, answer)


def run(entry, words):
    """Runs a command as `aws` would; never returns."""
    status = 255
    try:
        status = entry.main(words)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


def forked(entry, asked):
    """The outcome of a command."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
            os.chdir(asked["in"])
            os.environ.update(asked["set"])
            # Each of a service's operations takes a copy, which costs more than all else.
            environment = dict(os.environ)
            type(os.environ).copy = lambda environ: dict(environment)
            time.sleep = lambda seconds: None
            signal.alarm(LIMIT_SECONDS)
            run(entry, asked["words"])
        _, ended = os.waitpid(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    return {
        "status": os.waitstatus_to_exitcode(ended), "stdout": texts[0], "stderr": texts[1]}


def loaded():
    """The AWS CLI as it is before its first command, with the models of all services read."""
    sys.argv[0] = "aws"
    entry = clidriver.AWSCLIEntryPoint(clidriver.create_clidriver())
    # Another one reads and imports, and is thrown away. It runs no command: that starts a thread,
    # and what a thread holds stays held in a fork.
    other = clidriver.create_clidriver()
    other.session.get_available_services()
    for name in sorted(os.listdir(os.environ["AWS_DATA_PATH"].split(os.pathsep)[0])):
        other.session.get_service_model(name)
        other.session.get_paginator_model(name)
        other.session.get_waiter_model(name)
        other.session.create_client(name, endpoint_url="http://127.0.0.1:9")
    return entry


def main():
    keep(loaders.JSONFileLoader, "load_file")
    keep(loaders.Loader, "list_available_services")
    entry = loaded()
    # Collecting would write to each object, and so copy every page that a fork shares.
    gc.disable()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(forked(entry, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
