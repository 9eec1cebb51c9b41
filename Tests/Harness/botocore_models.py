# SPDX-License-Identifier: GPL-3.0-or-later
"""Our service models in the layout that botocore reads, so that its clients know what we know."""

import json
import pathlib

MODELS = pathlib.Path(__file__).resolve().parent.parent.parent / "Models"


def folder(service):
    """botocore's name of a service that the CLI calls otherwise."""
    return {"s3api": "s3"}.get(service, service)


def lay_out(place):
    """Writes the models below a folder that `AWS_DATA_PATH` then names."""
    for file in sorted(MODELS.glob("*.json")):
        model = json.loads(file.read_text(encoding="utf-8"))
        # Clients from before 2025 know neither CBOR nor that there may be several protocols: they
        # ask in forms.
        if model["metadata"].get("protocol") == "smithy-rpc-v2-cbor":
            model["metadata"]["protocol"] = "query"
        version = place / folder(file.stem) / model["metadata"]["apiVersion"]
        version.mkdir(parents=True)
        pages = {"pagination": model.pop("pagination", {})}
        waiters = {"version": 2, "waiters": model.pop("waiters", {})}
        for name, part in [
            ("paginators-1", pages), ("waiters-2", waiters), ("service-2", {"version": "2.0", **model})]:
            (version / f"{name}.json").write_text(json.dumps(part))
