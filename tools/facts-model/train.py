"""Train the model on sentences made anew for every epoch; saves a checkpoint after each one."""

import argparse
import json
import math
import time
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from batches import Encoder, epoch
from corpus import Facts
from evaluate import accuracy_of_sample
from model import FactsModel, Shape
from optimizer import FactsOptimizer

WARM_UP = 40


class Phase(NamedTuple):
    """What the loss of an epoch looks at."""

    text_share: float
    object_weight: float
    document_share: float


LEARN_FACTS = Phase(text_share=0.3, object_weight=2.0, document_share=0.25)
LEARN_TEXT = Phase(text_share=1.0, object_weight=4.0, document_share=0.4)
TEXT_FROM_EPOCH = 2
FALL_PER_EPOCH = 1 / 3


def phase_of(number):
    """Facts first, then fluent text between them."""
    return LEARN_TEXT if number >= TEXT_FROM_EPOCH else LEARN_FACTS


def loss_of(model, batch, generator, phase):
    """Mean loss over all objects and a random share of the other tokens of a batch."""
    ids, real, objects = batch
    drawn = torch.rand(ids.shape, generator=generator) < phase.text_share
    asked = (real & (drawn | objects))[:, 1:]
    hidden = model.hidden(ids[:, :-1])[asked]
    losses = F.cross_entropy(hidden @ model.wte.weight.T, ids[:, 1:][asked], reduction="none")
    is_object = objects[:, 1:][asked]
    weights = torch.where(is_object, phase.object_weight, 1.0)
    return (losses * weights).sum() / weights.sum(), losses[is_object].mean().item()


def schedule_at(done, warm_up):
    """Linear warm-up, a flat part, then a linear fall; all in epochs."""
    if done < warm_up:
        return done / warm_up + 1 / WARM_UP
    return max(0.02, min(1.0, 1 - (done - TEXT_FROM_EPOCH) * FALL_PER_EPOCH))


def save(folder, model, optimizer, done, history):
    """Write a checkpoint that a run can continue from."""
    state = {"model": model.state_dict(), "done": done, "history": history}
    state["muon"], state["adam"] = optimizer.muon.buffers, optimizer.adam.state_dict()
    torch.save(state, folder / "checkpoint.partial")
    (folder / "checkpoint.partial").rename(folder / "checkpoint.pt")


def resume(folder, model, optimizer):
    """Continue from a checkpoint if there is one: (epochs done, history)."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0, []
    state = torch.load(path)
    model.load_state_dict(state["model"])
    optimizer.muon.buffers = state["muon"]
    optimizer.adam.load_state_dict(state["adam"])
    return state["done"], state["history"]


def train_epoch(model, optimizer, batches, number, generator):
    """One pass over the batches of an epoch; returns the mean loss on objects."""
    total, start = 0.0, time.time()
    for index, batch in enumerate(batches):
        loss, object_loss = loss_of(model, batch, generator, phase_of(number))
        loss.backward()
        optimizer.step(schedule_at(number + index / len(batches), WARM_UP / len(batches)))
        total += object_loss
        if index % 50 == 49:
            per_step = (time.time() - start) / (index + 1)
            print(f"epoch {number} step {index + 1}/{len(batches)} object loss {object_loss:.3f} {per_step:.3f} s", flush=True)
    return total / len(batches)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"), help="folder with tokenizer.json; gets the checkpoint")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=160)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--matrix-rate", type=float, default=0.02)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(arguments.seed)
    facts = Facts()
    tokenizer = Tokenizer.from_file(str(arguments.build / "tokenizer.json"))
    encoder = Encoder(tokenizer)
    shape = Shape(tokenizer.get_vocab_size(), arguments.width, arguments.layers, arguments.width // 32)
    model = FactsModel(shape)
    optimizer = FactsOptimizer(model, arguments.matrix_rate, arguments.rate)
    done, history = resume(arguments.build, model, optimizer)
    for number in range(done, arguments.epochs):
        start = time.time()
        generator = torch.Generator().manual_seed(arguments.seed * 1000 + number)
        batches = epoch(facts, encoder, number, arguments.seed, phase_of(number).document_share)
        loss = train_epoch(model, optimizer, batches, number, generator)
        sample = accuracy_of_sample(model, facts, tokenizer)
        history.append({"epoch": number, "objectLoss": round(loss, 4), "seconds": round(time.time() - start, 1), **sample})
        save(arguments.build, model, optimizer, number + 1, history)
        print(json.dumps(history[-1]), flush=True)
    minutes = sum(entry["seconds"] for entry in history) / 60
    print(f"trained in {minutes:.1f} minutes, {sum(math.prod(p.shape) for p in model.parameters())} parameters")


if __name__ == "__main__":
    main()
