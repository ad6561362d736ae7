"""Records what scipy, statsmodels and numpy make of small samples, for the tests of packages/lens-engine/src/statistics.

    pip install -r tools/goldens/evaluation_requirements.txt
    python tools/goldens/statistics_goldens.py packages/lens-engine/goldens-evaluation

The bootstrap is compared number by number: scipy is fed the resamples that our own generator (sfc32) draws.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy import special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

SEED = 20261122
RESAMPLES = 2000
MASK = 0xFFFFFFFF


class Sfc32:
    """The generator of src/tensor/seeded-random.ts, written again from its description."""

    def __init__(self, seed: str):
        self.a, self.b, self.c, self.counter = (*(self.hash_text(seed, salt) for salt in (1, 2, 3)), 1)
        for _ in range(12):
            self.next()

    @staticmethod
    def hash_text(text: str, salt: int) -> int:
        value = 2166136261 ^ (salt * 0x9E3779B1 & MASK)
        for character in text:
            value = (value ^ ord(character)) * 16777619 & MASK
        value = (value ^ value >> 16) * 0x85EBCA6B & MASK
        value = (value ^ value >> 13) * 0xC2B2AE35 & MASK
        return value ^ value >> 16

    def next(self) -> int:
        total = (self.a + self.b + self.counter) & MASK
        self.counter = (self.counter + 1) & MASK
        self.a = self.b ^ self.b >> 9
        self.b = (self.c + (self.c << 3)) & MASK
        self.c = (self.c << 21 | self.c >> 11) & MASK
        self.c = (self.c + total) & MASK
        return total

    def integer(self, limit: int) -> int:
        accepted = 2**32 - 2**32 % limit
        while True:
            drawn = self.next()
            if drawn < accepted:
                return drawn % limit


class RecordedDraws(np.random.Generator):
    """A numpy generator whose integers are the draws of the bootstrap of n cases."""

    def __init__(self, seed: str):
        super().__init__(np.random.PCG64(0))
        self.seed = seed

    def integers(self, low, high=None, size=None, **_):
        random = Sfc32(f"{self.seed}/bootstrap/{high}")
        return np.array([random.integer(int(high)) for _ in range(int(np.prod(size)))]).reshape(size)


def harmonic(columns) -> float:
    return 3 / sum(1 / column.mean(axis=-1) for column in columns)


def bootstrap_cases() -> list[dict]:
    random = np.random.default_rng(SEED)
    skewed = np.round(random.exponential(2, 37), 6)
    binary = (random.random(60) < 0.9).astype(float)
    shares = np.round(random.random((3, 40)) * [[1], [0.6], [0.3]], 6)
    pairs = np.round(random.normal([[0.4], [0.1]], 1, (2, 25)), 6)
    return [
        interval("skewed", [skewed], lambda x, axis: x.mean(axis=axis)),
        interval("binary", [binary], lambda x, axis: x.mean(axis=axis)),
        interval("harmonic", list(shares), lambda x, y, z, axis: harmonic([x, y, z])),
        interval("difference", list(pairs), lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis)),
        interval("level 0.8", [skewed], lambda x, axis: x.mean(axis=axis), 0.8),
    ]


def interval(name: str, columns: list, statistic, level: float = 0.95) -> dict:
    result = stats.bootstrap(
        columns,
        statistic,
        paired=len(columns) > 1,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        rng=RecordedDraws("golden"),
    )
    low, high = result.confidence_interval
    return {
        "name": name,
        "level": level,
        "columns": [list(map(float, column)) for column in columns],
        "estimate": float(statistic(*columns, axis=-1)),
        "low": float(low),
        "high": float(high),
        "standardError": float(result.standard_error),
    }


def mcnemar_cases() -> list[dict]:
    pairs = [(0, 0), (1, 0), (5, 5), (3, 12), (0, 9), (40, 61), (500, 430), (2, 998), (4000, 4100)]
    return [
        {"firstOnly": b, "secondOnly": c, "p": float(mcnemar([[7, b], [c, 9]], exact=True).pvalue)} for b, c in pairs
    ]


def few_cases() -> list[dict]:
    """Differences of one sign on a few of the cases: the exact paired test (every exchange of the two on a case)."""
    random = np.random.default_rng(SEED + 3)
    found = []
    for differing, equal in [(2, 0), (3, 0), (5, 0), (8, 0), (1, 9), (4, 8), (6, 6)]:
        second = np.round(random.random(differing + equal) * 50, 3)
        first = np.round(second + np.concatenate([1 + random.random(differing) * 9, np.zeros(equal)]), 3)
        exact = stats.permutation_test(
            (first, second), lambda x, y, axis: (x - y).mean(axis=axis), permutation_type="samples", vectorized=True
        )
        found.append({"first": first.tolist(), "second": second.tolist(), "p": float(exact.pvalue)})
    return found


def student_cases() -> list[dict]:
    return [
        {"t": t, "freedom": freedom, "p": float(2 * stats.t.sf(t, freedom))}
        for freedom in (1, 2, 5, 20, 99, 1999)
        for t in (0.0, 0.5, 1.0, 2.0, 3.5, 6.0)
    ]


def far_cases() -> list[dict]:
    """Differences so large that no resample crosses 0: Student's t with the standard error of the same resamples."""
    random = np.random.default_rng(SEED + 4)
    found = []
    for n, shift in [(12, 2.0), (40, 1.5), (200, 0.8)]:
        second = np.round(random.normal(0, 1, n), 4)
        first = np.round(second + random.normal(shift, 1, n), 4)
        one = interval("", [first, second], lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis))
        t = abs(one["estimate"]) / (one["standardError"] * np.sqrt(n / (n - 1)))
        paired = float(stats.ttest_rel(first, second).pvalue)
        found.append({"columns": one["columns"], "p": float(2 * stats.t.sf(t, n - 1)), "pairedT": paired})
    return found


def holm_cases() -> list[dict]:
    random = np.random.default_rng(SEED + 1)
    families = [[0.04], [0.01, 0.04, 0.03, 0.005], [1.0, 0.0, 0.5, 0.5], list(random.random(55) ** 4)]
    return [{"p": list(map(float, p)), "adjusted": multipletests(p, method="holm")[1].tolist()} for p in families]


def wilson_cases() -> list[dict]:
    counts = [(0, 10), (10, 10), (1, 1), (37, 60), (994, 1000)]
    return [
        {"successes": k, "trials": n, "level": level, "interval": list(map(float, proportion_confint(k, n, 1 - level, "wilson")))}
        for k, n in counts
        for level in (0.95, 0.9)
    ]


def published_cases() -> list[dict]:
    random = np.random.default_rng(SEED + 2)
    samples = [np.array([3.5]), np.round(random.random(50) * 100, 4), (random.random(1000) < 0.994) * 100.0]
    return [
        {
            "values": sample.tolist(),
            "mean": float(np.mean(sample)),
            "sd": float(np.std(sample)),
            "halfWidth95": float(1.96 * np.std(sample) / np.sqrt(len(sample))),
        }
        for sample in samples
    ]


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    places = np.concatenate([np.linspace(-8, 8, 65), [-37, -30, -20, -12, 12]])
    shares = np.concatenate([np.linspace(0.001, 0.999, 41), [1e-300, 1e-50, 1e-12, 1e-6, 1 - 1e-12]])
    golden = {
        "resamples": RESAMPLES,
        "normalCdf": [[float(x), float(special.ndtr(x))] for x in places],
        "normalQuantile": [[float(p), float(special.ndtri(p))] for p in shares],
        "bootstrap": bootstrap_cases(),
        "fewCases": few_cases(),
        "student": student_cases(),
        "farApart": far_cases(),
        "mcNemar": mcnemar_cases(),
        "holm": holm_cases(),
        "wilson": wilson_cases(),
        "published": published_cases(),
    }
    text = json.dumps(golden, separators=(",", ":")).replace(',"', ',\n"')
    (directory / "statistics.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
