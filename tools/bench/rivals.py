"""The lens against PyTorch and TransformerLens on the same weights, prompt and threads; prints ratios, writes JSON.

    python tools/bench/rivals.py [--tokens 10,50,200] [--rounds 7] [--threads 2] [--without NAME]
                                  [--model DIR] [--out FILE]

Work: forward, backward, and the vectors of both MLP matrices of every layer at every position through the final norm
and the vocabulary: 10 tokens of either end, their probabilities, ranks of target and answer. Each contestant is a
process of its own; repetitions are interleaved, and one process computes at a time.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CONTESTANTS = {
    "Imprint": ["node", "imprint_lens.mjs"],
    "hooks, row by row": [sys.executable, "hooks_per_row.py"],
    "hand-batched": [sys.executable, "hand_batched.py"],
    "TransformerLens": [sys.executable, "transformer_lens_hooks.py"],
}
OURS = "Imprint"
# Two logits that differ in the last bits of float32 may change places: a rank in the middle of the vocabulary by a few.
SHARE_EQUAL = 0.995
RANK_TOLERANCE = 5
# A contestant that has computed for this long sits out the remaining rounds.
MILLISECONDS_EACH = 60_000


class Contestant:
    """A process that reads an order per line and answers a line."""

    def __init__(self, name: str, model: Path, threads: int) -> None:
        program, script = CONTESTANTS[name]
        command = [program, str(HERE / "contestants" / script), str(model), str(threads)]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.versions = self.read()["versions"]

    def read(self) -> dict:
        """The next line that is an answer; libraries may print others."""
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit(f"{self.name} ended with {self.process.wait()}")

    def run(self, order: dict) -> dict:
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def prompt_of(tokens: int) -> list[int]:
    return [7919 * (index + 1) % 50257 for index in range(tokens)]


def agreement(ours: dict, theirs: dict) -> dict:
    """Share of equal entries of each reading, and the largest difference of a probability. A rank of -1 is masked."""
    tolerances = {"top": 0, "bottom": 0, "target_rank": RANK_TOLERANCE, "answer_rank": RANK_TOLERANCE}
    shares = {}
    for key, tolerance in tolerances.items():
        known = [(a, b) for a, b in zip(ours[key], theirs[key], strict=True) if a >= 0]
        shares[key] = sum(abs(a - b) <= tolerance for a, b in known) / len(known)
    gaps = [abs(a - b) for a, b in zip(ours["top_probability"], theirs["top_probability"], strict=True)]
    return {**shares, "largest probability difference": max(gaps)}


def measure(tokens: int, options: argparse.Namespace) -> dict:
    """One prompt length: fresh processes, a first run that is compared, then interleaved rounds."""
    contestants = [Contestant(name, options.model, options.threads) for name in options.contestants]
    order = {"ids": prompt_of(tokens), "target": 4242}
    try:
        firsts = {each.name: each.run({**order, "show": True}) for each in contestants}
        first = {name: reply["readings"] for name, reply in firsts.items()}
        peaks = {name: reply["peakBytes"] for name, reply in firsts.items()}
        samples = {name: [] for name in firsts}
        # The first run only warms up, unless it took all the time there is.
        for name, reply in firsts.items():
            if reply["milliseconds"] > MILLISECONDS_EACH:
                samples[name].append(reply["milliseconds"])
        for _ in range(options.rounds):
            for each in contestants:
                if sum(samples[each.name]) > MILLISECONDS_EACH:
                    continue
                time.sleep(0.2)
                reply = each.run({**order, "show": False})
                samples[each.name].append(reply["milliseconds"])
                peaks[each.name] = reply["peakBytes"]
    finally:
        for each in contestants:
            each.close()
    medians = {name: statistics.median(values) for name, values in samples.items()}
    return {
        "tokens": tokens,
        "samples": samples,
        "median": medians,
        "ratio": {name: median / medians[OURS] for name, median in medians.items()},
        "peakBytes": peaks,
        "agreement": {name: agreement(first[OURS], first[name]) for name in firsts if name != OURS},
        "versions": {each.name: each.versions for each in contestants},
    }


def table(results: list[dict]) -> str:
    lines = ["| what | tokens | median ms | times as long | peak MB |", "| --- | ---: | ---: | ---: | ---: |"]
    for result in results:
        for name in result["median"]:
            lines.append(
                f"| {name} | {result['tokens']} | {result['median'][name]:,.0f} | "
                f"{result['ratio'][name]:.2f} | {result['peakBytes'][name] / 1e6:,.0f} |"
            )
    return "\n".join(lines)


def disagreements(results: list[dict]) -> list[str]:
    """Every reading of which too few entries are equal."""
    return [
        f"{name}, {result['tokens']} tokens: {key} equal in {share:.4f}"
        for result in results
        for name, shares in result["agreement"].items()
        for key, share in shares.items()
        if not key.startswith("largest") and share < SHARE_EQUAL
    ]


def ensure_model(directory: Path) -> None:
    if (directory / "model.safetensors").exists():
        return
    lens = ROOT / "packages/lens-engine/dist/cli/main.js"
    command = ["node", str(lens), "models", "random", "--shape", "gpt2-small", "--out", str(directory)]
    subprocess.run(command, check=True)


def read_options() -> argparse.Namespace:
    home = Path(os.environ.get("IMPRINT_HOME") or ROOT / ".imprint")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=lambda text: [int(part) for part in text.split(",")], default=[10, 50, 200])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", type=Path, default=home / "bench" / "gpt2-small-random")
    parser.add_argument("--without", action="append", choices=[name for name in CONTESTANTS if name != OURS], default=[])
    parser.add_argument("--out", type=Path, default=home / "bench" / "rivals.json")
    options = parser.parse_args()
    options.contestants = [name for name in CONTESTANTS if name not in options.without]
    return options


def main() -> None:
    options = read_options()
    ensure_model(options.model)
    load = os.getloadavg()
    results = [measure(tokens, options) for tokens in options.tokens]
    # Other work on the machine slows everybody down; the ratios suffer less than the times.
    machine = {
        "processor": platform.processor() or platform.machine(),
        "threads": options.threads,
        "cores": os.cpu_count(),
        "load": [load, os.getloadavg()],
    }
    report = {"machine": machine, "python": platform.python_version(), "results": results}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(table(results))
    print(f"\n{options.threads} threads, {options.rounds} rounds; JSON in {options.out}")
    wrong = disagreements(results)
    if wrong:
        raise SystemExit("the contestants disagree: " + "; ".join(wrong))


main()
