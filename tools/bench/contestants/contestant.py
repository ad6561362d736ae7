"""What every Python contestant shares: the model, the prompt, the line protocol with rivals.py, and its peak memory."""

import json
import sys
import time
from dataclasses import dataclass
from typing import Callable

import torch

TOP_K = 10


@dataclass
class Readings:
    """Of every projected vector, in the order layer, matrix (mlp.up then mlp.down), position."""

    top: torch.Tensor
    bottom: torch.Tensor
    top_probability: torch.Tensor
    target_rank: torch.Tensor
    answer_rank: torch.Tensor


def load_model(directory: str):
    """The random GPT-2 of `lens models random`, as transformers loads any checkpoint."""
    from transformers import GPT2LMHeadModel

    return GPT2LMHeadModel.from_pretrained(directory, dtype=torch.float32).eval()


def read_rows(logits: torch.Tensor, target: int, answer: int) -> Readings:
    """Both ends, probabilities and ranks of a block of logits [rows, vocabulary]."""
    values, top = logits.topk(TOP_K, dim=1)
    bottom = logits.topk(TOP_K, dim=1, largest=False).indices
    probability = (values - logits.logsumexp(dim=1, keepdim=True)).exp()
    ranks = [(logits > logits[:, token, None]).sum(dim=1) for token in (target, answer)]
    return Readings(top, bottom, probability, *ranks)


def join(parts: list[Readings]) -> Readings:
    fields = ("top", "bottom", "top_probability", "target_rank", "answer_rank")
    return Readings(*(torch.cat([getattr(part, field) for part in parts]) for field in fields))


def peak_bytes() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def answer(message: dict) -> None:
    print(json.dumps(message), flush=True)


def serve(name: str, versions: dict, run: Callable[[list[int], int], Readings]) -> None:
    """Answers `run` and `memory` lines until standard input closes."""
    answer({"ready": name, "versions": {"torch": torch.__version__, **versions}})
    for line in sys.stdin:
        order = json.loads(line)
        started = time.perf_counter()
        readings = run(order["ids"], order["target"])
        milliseconds = 1000 * (time.perf_counter() - started)
        reply = {"milliseconds": milliseconds, "peakBytes": peak_bytes()}
        if order["show"]:
            reply["readings"] = {key: value.flatten().tolist() for key, value in vars(readings).items()}
        answer(reply)


def begin() -> str:
    """Threads as ordered; answers the model's directory."""
    directory, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    return directory
