"""Reads one gradient, then compares two edit methods on the same cases. Needs Python 3.9 and `requests`.

    IMPRINT_URL=http://localhost:3000 IMPRINT_KEY=lens_live_... python3 compare_methods.py

The steps are functions, so that they can be copied one by one.
"""
import json
import os
import struct
import sys
import time
import uuid

import requests

URL = os.environ.get("IMPRINT_URL", "http://localhost:3000").rstrip("/")
KEY = os.environ.get("IMPRINT_KEY", "")
SESSION = requests.Session()
if KEY:
    SESSION.headers["Authorization"] = f"Bearer {KEY}"


class ImprintError(Exception):
    """What the server refused, with the code that docs/errors.md explains."""

    def __init__(self, code, message, cure=None):
        super().__init__(f"{code}: {message} {cure or ''}".strip())
        self.code = code


def send(method, path, **options):
    """One request; waits as long as a busy server asks to."""
    while True:
        response = SESSION.request(method, URL + path, timeout=60, **options)
        if response.status_code not in (202, 429, 503):
            return response
        time.sleep(float(response.headers.get("Retry-After", 1)))


def ask(query, **variables):
    """The data of a GraphQL operation. An error of it, or the first of a mutation's errors, is raised."""
    answer = send("POST", "/graphql", json={"query": query, "variables": variables}).json()
    for error in answer.get("errors", []):
        more = error.get("extensions", {})
        raise ImprintError(more.get("code", "?"), error["message"], more.get("cure"))
    (data,) = answer["data"].values()
    for error in (data or {}).get("errors", []) if isinstance(data, dict) else []:
        raise ImprintError(error["code"], error["message"], error["cure"])
    return data


def bundled_model():
    models = ask("{ models(first: 50) { edges { node { id name layers bundled } } } }")
    return next(edge["node"] for edge in models["edges"] if edge["node"]["bundled"])


def create_run(model_id, prompt, target):
    """Queues a run. The same clientMutationId again would return the same run."""
    made = ask(
        """mutation($input: CreateLensRunInput!) {
          createLensRun(input: $input) { run { id } errors { code message cure } } }""",
        input={
            "modelId": model_id,
            "promptText": prompt,
            "targetText": target,
            "clientMutationId": str(uuid.uuid4()),
        },
    )
    return made["run"]["id"]


def wait_for_run(run_id):
    """A long poll: the server answers when the run has ended, or after 20 seconds."""
    while True:
        run = ask(
            """query($id: ID!) { awaitLensRun(id: $id, seconds: 20) {
              id state loss promptLength tokens { text } error { code message cure } } }""",
            id=run_id,
        )
        if run["state"] == "DONE":
            return run
        if run["state"] in ("FAILED", "CANCELLED"):
            error = run["error"] or {"code": run["state"], "message": "it was stopped", "cure": ""}
            raise ImprintError(error["code"], error["message"], error["cure"])


def projections(run_id, matrix, position):
    """Cells of one matrix at one position, layer by layer, page by page."""
    cells, after = [], None
    while True:
        page = ask(
            """query($id: ID!, $matrix: MatrixName, $position: Int, $after: String) {
              lensRun(id: $id) { cells(first: 20, after: $after, matrix: $matrix, position: $position, factor: VJP) {
                pageInfo { hasNextPage endCursor }
                edges { node { layer position norm targetRank top { text } bottom { text } } } } } }""",
            id=run_id,
            matrix=matrix,
            position=position,
            after=after,
        )["cells"]
        cells += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return cells
        after = page["pageInfo"]["endCursor"]


def vectors(run_id):
    """X and Delta as {name: (shape, floats)}; the file is safetensors."""
    response = send("GET", f"/api/runs/{run_id}/vectors.safetensors")
    response.raise_for_status()
    body = response.content
    (length,) = struct.unpack("<Q", body[:8])
    header, data = json.loads(body[8 : 8 + length]), body[8 + length :]
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = (entry["shape"], struct.unpack(f"<{(end - start) // 4}f", data[start:end]))
    return tensors


def random_slice(count, seed):
    """Cases of the first data set, chosen at random but the same for everybody with this seed."""
    datasets = ask("{ datasets(first: 1) { edges { node { id name protocols } } } }")
    dataset = datasets["edges"][0]["node"]
    made = ask(
        """mutation($input: CreateSliceInput!) {
          createSlice(input: $input) { slice { id cases } errors { code message cure } } }""",
        input={"datasetId": dataset["id"], "count": count, "seed": seed},
    )
    return made["slice"]["id"], dataset["protocols"][0]


def start_evaluation(model_id, slice_id, protocol, methods):
    made = ask(
        """mutation($input: StartEvaluationInput!) {
          startEvaluation(input: $input) { evaluation { id } errors { code message cure } } }""",
        input={
            "sliceId": slice_id,
            "protocol": protocol,
            "arms": [{"modelId": model_id, "method": method} for method in methods],
            "casesPerBatch": 2,
            "clientMutationId": str(uuid.uuid4()),
        },
    )
    return made["evaluation"]["id"]


def follow(evaluation_id, report=print):
    """Reports every change until the end."""
    version = 0
    while True:
        evaluation = ask(
            """query($id: ID!, $version: Int) { awaitEvaluation(id: $id, afterVersion: $version, seconds: 20) {
              state progress { version done total failed } error { code message cure } } }""",
            id=evaluation_id,
            version=version,
        )
        progress = evaluation["progress"]
        if progress["version"] > version:
            report(f"{progress['done']} of {progress['total']} edits, {evaluation['state']}")
        version = progress["version"]
        if evaluation["state"] in ("DONE", "FAILED", "CANCELLED"):
            return evaluation


def comparison(evaluation_id):
    return ask(
        """query($input: ComparisonInput!) { comparison(input: $input) {
          arms { id label } estimates { armId metric mean low high n }
          differences { metric firstArmId secondArmId difference low high n p } } }""",
        input={"evaluationIds": [evaluation_id]},
    )


def main():
    model = bundled_model()
    run = wait_for_run(create_run(model["id"], "The capital of France is", "Berlin"))
    last = run["promptLength"] - 1
    print(f"loss {run['loss']:.3f}; what the update of mlp.down writes at '{run['tokens'][last]['text']}':")
    cells = projections(run["id"], "MLP_DOWN", last)
    for cell in cells:
        words = " ".join(repr(token["text"]) for token in cell["bottom"][:3])
        print(f"  layer {cell['layer']}: {words}")
    captured = vectors(run["id"])
    print(f"{len(captured)} arrays of X and Delta in the capture")

    slice_id, protocol = random_slice(count=6, seed=1)
    methods = ["forward-shift", "sgd"]
    evaluation_id = start_evaluation(model["id"], slice_id, protocol, methods)
    follow(evaluation_id)
    result = comparison(evaluation_id)
    names = {arm["id"]: arm["label"] for arm in result["arms"]}
    for one in result["differences"]:
        if one["difference"] is None:
            continue
        interval = "" if one["low"] is None else f" [{one['low']:+.3f}, {one['high']:+.3f}]"
        pair = f"{names[one['firstArmId']]} - {names[one['secondArmId']]}"
        print(f"  {one['metric']:<24} {pair}: {one['difference']:+.3f}{interval}, {one['n']} cases")
    print(json.dumps({"run": run["id"], "cells": len(cells), "arrays": len(captured),
                      "evaluation": evaluation_id, "differences": len(result["differences"])}))


if __name__ == "__main__":
    try:
        main()
    except ImprintError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
