"""Edits and their evaluation in PyTorch, behind the line protocol of edit-cost.mjs."""

import base64
import json
import sys
import tempfile
import time
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from contestant import answer, begin, load_model, peak_bytes
from edit_loop import EditLoop
from edit_methods import EditMethods


def encode(update: dict[str, torch.Tensor]) -> dict[str, str]:
    return {key: base64.b64encode(value.detach().contiguous().numpy().tobytes()).decode() for key, value in update.items()}


def main() -> None:
    directory = begin()
    records = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
    model = load_model(directory)
    tokenizer = AutoTokenizer.from_pretrained(directory)
    tokenizer.pad_token = tokenizer.eos_token
    loop = EditLoop(model, tokenizer, Path(tempfile.mkdtemp(prefix="edit-loop-")))
    methods: EditMethods | None = None
    answer({"ready": "PyTorch", "versions": {"torch": torch.__version__, "transformers": transformers.__version__}})
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "resources":
            methods = EditMethods(model, Tokenizer.from_file(f"{directory}/tokenizer.json"), order)
            answer({})
        elif order["do"] == "evaluate":
            done = loop.run(records[order["first"] : order["first"] + order["count"]], order["values"])
            rows = done.pop("rows")
            answer({**done, "peakBytes": peak_bytes(), **({"rows": rows} if order["show"] else {})})
        else:
            started, processor = time.perf_counter(), time.process_time()
            update, steps = methods.compute(order["method"], records[order["case"]], order["values"])
            milliseconds = 1000 * (time.perf_counter() - started)
            spent = 1000 * (time.process_time() - processor)
            times = {"milliseconds": milliseconds, "processorMilliseconds": spent}
            reply = {**times, "steps": steps, "peakBytes": peak_bytes()}
            answer({**reply, **({"update": encode(update)} if order["show"] else {})})


main()
