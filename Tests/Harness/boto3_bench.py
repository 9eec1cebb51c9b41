# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs with boto3 against the endpoint are written and run with.

A file of scenarios marks each with `@scenario` and ends with `main(__file__, …)`. It runs itself
again under `rewind serve`; each scenario then has a fresh world.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

try:
    import boto3
    from botocore import xform_name
    from botocore.exceptions import ClientError
except ImportError:
    print("skipped: boto3 is not installed")
    sys.exit(0)

import botocore_models

ACCOUNT = "123456789012"
SERVICES = [
    "dynamodb", "dynamodbstreams", "kms", "sts", "cloudtrail", "s3api", "backup", "sns", "events",
    "ce", "cloudwatch", "organizations"]
scenarios = []
simulated = {}
answered = collections.defaultdict(set)
refused_by_name = collections.defaultdict(set)
refusals = collections.Counter()


def scenario(function):
    scenarios.append(function)
    return function


# What scenarios are written with

def control(method, path, body=None):
    request = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"] + path, method=method, data=body and json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"{}")


def let_pass(length):
    control("POST", "/_rewind/time", {"advance": length})


def note(http_response, parsed, model, **_):
    service = {"s3": "s3api"}.get(model.service_model.service_name, model.service_model.service_name)
    if http_response.status_code < 300:
        answered[service].add(model.name)
    elif parsed.get("Error", {}).get("Code") == "NotSimulated":
        refused_by_name[service].add(model.name)
    else:
        refusals[service] += 1


def client(name, **options):
    if "aws_access_key_id" in options:
        options["aws_secret_access_key"] = "rewind"
    made = boto3.client(name, endpoint_url=os.environ["AWS_ENDPOINT_URL"], **options)
    made.meta.events.register("after-call", note)
    return made


def resource():
    made = boto3.resource("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    made.meta.client.meta.events.register("after-call", note)
    return made


def refused(code, call, *arguments, status=400, **named):
    """The error's answer; anything but a refusal with that code fails."""
    try:
        call(*arguments, **named)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status, error.response
        return error.response
    raise AssertionError(f"{code} was expected")


def if_simulated(operation, service="dynamodb"):
    """Whether the engine has an operation, by what `rewind fidelity` says."""
    return operation in simulated[service]


def not_simulated(call, **named):
    refused("NotSimulated", call, **named)


ORDERS = dict(
    TableName="orders", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
TABLE_ARN = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"


def orders(**more):
    """The table that most scenarios are about, when it can be used."""
    tables = client("dynamodb")
    tables.create_table(**{**ORDERS, **more})
    let_pass("1m")
    return tables


# The run

def catalog(program):
    """The operations that `rewind fidelity` calls simulated, by service."""
    told = json.loads(subprocess.run(
        [program, "--json", "fidelity"], capture_output=True, text=True, check=True).stdout)
    names = {service["service"]: service["simulated"] for service in told["services"]}
    for service in SERVICES:
        by_name = {xform_name(name, "-"): name for name in every_operation(service)}
        simulated[service] = {by_name[name] for name in names.get(service, []) if name in by_name}


def every_operation(service):
    """The operations of a service's model."""
    return set(client(botocore_models.folder(service)).meta.service_model.operation_names)


def run_all(services, whole, told):
    """Runs the scenarios.

    Every simulated operation of `services` must have been answered; of the services in `whole` every
    other one must have refused by name. Of those in `told` it is only said what was not called.
    """
    failed = 0
    for function in scenarios:
        control("POST", "/_rewind/reset")
        begun = time.monotonic()
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok     boto3: {name} ({time.monotonic() - begun:.1f} s)")
        except Exception:  # each scenario is reported by itself
            failed += 1
            print(f"FAILED boto3: {name}\n{traceback.format_exc()}")
    missing = [
        f"{service} {name}" for service in services
        for name in sorted(simulated[service] - answered[service])]
    missing += [
        f"{service} {name}" for service in whole
        for name in sorted(every_operation(service) - simulated[service] - refused_by_name[service])]
    counts = ", ".join(
        f"{service} {len(names)}" for service, names in sorted(answered.items()))
    print(
        f"{len(scenarios)} scenarios, {sum(map(len, answered.values()))} operations answered"
        f" ({counts}), {sum(refusals.values())} requests refused;"
        f" not exercised: {', '.join(missing) or 'none'}")
    for service in told:
        rest = sorted(simulated[service] - answered[service])
        print(f"{service}: {', '.join(sorted(answered[service]))}; not called: {', '.join(rest) or 'none'}")
    return 1 if failed or missing else 0


def main(file, services=(), whole=(), told=()):
    """Runs a file's scenarios under `rewind serve`, on a world of their own."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    if "--inside" in sys.argv:
        catalog(program)
        sys.exit(run_all(services, whole, told))
    with tempfile.TemporaryDirectory(prefix="rewind-boto3-") as folder:
        folder = pathlib.Path(folder)
        botocore_models.lay_out(folder / "models")
        environment = dict(
            os.environ, REWIND_HOME=str(folder / "home"), AWS_DATA_PATH=str(folder / "models"),
            TZ="UTC", AWS_MAX_ATTEMPTS="1")
        status = subprocess.run(
            [program, "serve", "--", sys.executable, file, program, "--inside"],
            env=environment, timeout=600).returncode
    sys.exit(status)
