#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the endpoint answers, beside moto_server in the same run.

    Tests/Harness/endpoint_load.py [--seconds 5] [--items 100000] PROGRAM

Wants wrk, which makes the load from a Lua script of its own, and moto_server for what stands beside it.
Prints a table: requests a second at 1 and 16 connections with the latency that 99 of 100 stay below,
memory when ready and with items of 200 bytes, process start to the first answer. The machine's load
before it began stands above: the figures of a busy machine are not those of the program; the processor
time of a request hardly depends on it.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=123456789012/20260306/us-east-1/dynamodb/aws4_request,"
                     " SignedHeaders=host, Signature=00"}
ORDERS = {
    "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-amz-json-1.0"
wrk.headers["Authorization"] = "%(authorization)s"
wrk.headers["X-Amz-Target"] = "DynamoDB_20120810.%(operation)s"
local threads = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
local number = 0
local filler = string.rep("x", 200)
function request()
  number = number + 1
  local key = string.format("customer-order-%%d%%08d", id, number %% %(keys)d)
  return wrk.format(nil, "/", nil, %(body)s)
end
local bad = 0
function response(status) if status ~= 200 then bad = bad + 1 end end
function done(summary, latency)
  io.write(string.format("FIGURES %%f %%f %%d\\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""
BODIES = {
    "PutItem": """'{"TableName":"orders","Item":{"pk":{"S":"' .. key .. '"},"v":{"S":"' .. filler .. '"}}}'""",
    "GetItem": """'{"TableName":"orders","Key":{"pk":{"S":"' .. key .. '"}}}'"""}


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ask(port, operation, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        "POST", "/", json.dumps(body), HEADERS | {"X-Amz-Target": f"DynamoDB_20120810.{operation}"})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text
    return json.loads(text)


@contextlib.contextmanager
def server(words, port, environment):
    begun = time.monotonic()
    process = subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                ask(port, "ListTables", {})
                break
            except OSError:
                assert process.poll() is None, words
                time.sleep(0.001)
        process.first_answer = time.monotonic() - begun
        yield process
    finally:
        process.terminate()
        process.wait(30)


def memory(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def processor_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(folder, port, operation, connections, seconds):
    script = folder / f"{operation}.lua"
    script.write_text(SCRIPT % {
        "authorization": HEADERS["Authorization"], "operation": operation, "body": BODIES[operation],
        "keys": 1000})
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}"],
        capture_output=True, text=True, check=True)
    rate, late, bad = re.search(r"FIGURES (\S+) (\S+) (\d+)", done.stdout).groups()
    return float(rate), float(late), int(bad)


def measure(name, words, port, environment, options, rows, folder, items=0):
    with server(words, port, environment) as process:
        rows.append((name, "first answer", f"{process.first_answer * 1000:.0f} ms"))
        rows.append((name, "memory when ready", f"{memory(process):.0f} MiB"))
        ask(port, "CreateTable", ORDERS)
        for _ in range(2):
            ask(port, "DescribeTable", {"TableName": "orders"})
        for operation in BODIES:
            for connections in (1, 16):
                before = processor_seconds(process)
                rate, late, bad = load(folder, port, operation, connections, options.seconds)
                each = (processor_seconds(process) - before) / (rate * options.seconds) * 1e6
                rows.append((
                    name, f"{operation}, {connections} connections",
                    f"{rate:,.0f}/s, 99 of 100 within {late:.1f} ms, {each:.0f} µs of a core each"
                    + (f", {bad} failed" if bad else "")))
        for first in range(0, items, 25):
            ask(port, "BatchWriteItem", {"RequestItems": {"orders": [
                {"PutRequest": {"Item": {"pk": {"S": f"item-{n:08d}"}, "v": {"S": "x" * 200}}}}
                for n in range(first, min(first + 25, items))]}})
        if items:
            rows.append((name, f"memory with {items} items", f"{memory(process):.0f} MiB"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--items", type=int, default=100_000)
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    print("load before:", ", ".join(f"{n:.2f}" for n in os.getloadavg()), "on", os.cpu_count(), "cores")
    rows = []
    with tempfile.TemporaryDirectory(prefix="rewind-load-") as name:
        folder = pathlib.Path(name)
        environment = os.environ | {"REWIND_HOME": name + "/home"}
        port = free_port()
        measure("durable", [program, "serve", "--port", str(port)], port, environment, options, rows,
                folder, options.items)
        port = free_port()
        measure("--memory", [program, "serve", "--memory", "--port", str(port)], port, environment,
                options, rows, folder, options.items)
        if shutil.which("moto_server"):
            port = free_port()
            measure("moto", ["moto_server", "-p", str(port)], port, environment, options, rows, folder)
    for row in rows:
        print("| " + " | ".join(row) + " |")


main()
