"""The evaluation of an edit as the published code runs it: a loop over cases, each prompt once with either target behind it."""

import json
import time
from pathlib import Path

import torch

SEQUENCES_SHOWN = ("new", "true")


class EditLoop:
    """One case at a time: weights copied, written, 13 prompts x 2 targets in one padded batch, weights restored."""

    def __init__(self, model, tokenizer, results: Path) -> None:
        self.model, self.tokenizer, self.results = model, tokenizer, results

    def matrix(self, layer: int) -> torch.nn.Parameter:
        return self.model.transformer.h[layer].mlp.c_proj.weight

    def run(self, records: list[dict], values: dict) -> dict:
        """Milliseconds of edits, of readings after and of readings before; a row of readings for each case."""
        spent = {"edit": 0.0, "after": 0.0, "before": 0.0}
        rows = []
        processor = time.process_time()
        for record in records:
            weight = self.matrix(values["layer"])
            started = time.perf_counter()
            kept = weight.detach().clone()
            self.shift(record, values)
            edited = time.perf_counter()
            after = self.read(record)
            with torch.no_grad():
                weight[...] = kept
            restored = time.perf_counter()
            before = self.read(record)
            rows.append({"before": before, "after": after})
            (self.results / f"case_{record['case_id']}.json").write_text(json.dumps(rows[-1]))
            spent["edit"] += edited - started
            spent["after"] += restored - edited
            spent["before"] += time.perf_counter() - restored
        return {
            "milliseconds": {part: 1000 * value for part, value in spent.items()},
            "processorMilliseconds": 1000 * (time.process_time() - processor),
            "rows": rows,
        }

    @torch.no_grad()
    def shift(self, record: dict, values: dict) -> None:
        """Forward-pass shift, written into the weights unless the target is the answer already."""
        asked = record["requested_rewrite"]
        ids = self.tokenizer(asked["prompt"].format(asked["subject"]), return_tensors="pt")
        target = self.tokenizer(f" {asked['target_new']['str']}")["input_ids"][0]
        seen: list[torch.Tensor] = []
        module = self.model.transformer.h[values["layer"]].mlp.c_proj
        handle = module.register_forward_hook(lambda _module, inputs, _output: seen.append(inputs[0][0, -1]))
        answer = self.model(**ids).logits[0, -1].argmax()
        handle.remove()
        if answer != target:
            module.weight += values["learningRate"] * torch.outer(seen[0], self.model.transformer.wte.weight[target])

    def read(self, record: dict) -> list[dict]:
        """For each prompt and target: mean -log p over the target's tokens, and whether each is the most probable."""
        asked = record["requested_rewrite"]
        prompts = [asked["prompt"].format(asked["subject"])]
        prompts += record["paraphrase_prompts"] + record["neighborhood_prompts"]
        texts = {name: asked[f"target_{name}"]["str"] for name in SEQUENCES_SHOWN}
        lengths = [len(ids) for ids in self.tokenizer(prompts)["input_ids"]]
        joined = [f"{prompt} {texts[name]}" for prompt in prompts for name in SEQUENCES_SHOWN]
        batch = self.tokenizer(joined, padding=True, return_tensors="pt")
        targets = {name: self.tokenizer(f" {text}")["input_ids"] for name, text in texts.items()}
        with torch.no_grad():
            logits = self.model(**batch).logits
        rows = []
        for index, length in enumerate(lengths):
            row = {}
            for offset, name in enumerate(SEQUENCES_SHOWN):
                nll, correct = 0.0, True
                for step, token in enumerate(targets[name]):
                    scores = logits[2 * index + offset, length + step - 1]
                    nll -= torch.log_softmax(scores, dim=0)[token].item()
                    correct = correct and scores.argmax().item() == token
                row[name] = {"nll": nll / len(targets[name]), "correct": correct}
            rows.append(row)
        return rows
