"""Computes with NumPy and SciPy what qpipe's statistics must come to, from recorded output of llama-perplexity.

    pip install numpy==2.4.6 scipy==1.17.1
    python scripts/record-oracle.py test/fixtures > test/fixtures/stats/oracle.json

What it reads: output/perplexity/*/divergence.stdout.txt and logits.*.txt, recorded by scripts/record-output.mjs, and stats/demo/*.txt, which is what
`qpipe log demo divergence:Q4_0` and the like print below the first line `--- stdout`. It shares no code with src/stats: where a method is
qpipe's own (what blocks are worth, Holm's correction) it is written down here a second time, from its description in docs/numbers.md.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
from scipy import stats

SCORED = 255
STEP = 1e-5
PPL_STEP = 1e-4
ROW = re.compile(r"^\s*(\d+)\s+(\S+) ±\s+\S+\s+(\S+) ±\s+\S+\s+(\S+) ±\s+\S+\s+(\S+) ±\s+\S+ %\s+(\S+) ±\s+\S+ %\s*$", re.M)


def main(fixtures):
    small = {path.parent.name: measured(path.read_text()) for path in sorted(fixtures.glob("output/perplexity/*/divergence.stdout.txt"))}
    demo = {path.stem: measured(path.read_text()) for path in sorted(fixtures.glob("stats/demo/*.txt")) if path.stem != "logits"}
    alone = {path.parent.name: perplexity(path.read_text() + path.with_name("logits.stderr.txt").read_text()) for path in sorted(fixtures.glob("output/perplexity/*/logits.stdout.txt"))}
    alone["demo"] = perplexity((fixtures / "stats/demo/logits.txt").read_text())
    return {
        "numpy": np.__version__,
        "small": small,
        "demo": demo,
        "perplexity": alone,
        "pairs": pairs(demo),
        "student": [{"p": p, "df": df, "t": stats.t.ppf(p, df)} for p in [0.025, 0.5, 0.9, 0.975, 0.995] for df in [1, 2, 7, 11, 15, 40, 1000]],
        "probability": [{"t": t, "df": df, "p": 2 * stats.t.sf(abs(t), df)} for t in [-3.5, 0.0, 0.4, 2.2, 9.0] for df in [1, 7, 15]],
        "mcnemar": [{"counts": [b, c], "p": stats.binomtest(min(b, c), b + c, 0.5).pvalue} for b, c in [(1, 0), (6, 0), (3, 11), (25, 25), (40, 61), (300, 400)]],
        "wilson": [wilson(counted, of) for counted, of in [(0, 10), (7, 10), (312, 400), (400, 400)]],
        "permutation": [permutation(*samples) for samples in speeds()],
    }


def measured(text):
    """Running means become values of chunks, those become blocks, and blocks an interval."""
    rows = np.array([[float(value) for value in row] for row in ROW.findall(text)])
    running = {"kld": rows[:, 3], "lnRatio": rows[:, 2]}
    tokens = SCORED * rows[:, 0]
    running["sameTopP"] = 100 * np.round(rows[:, 5] / 100 * tokens) / tokens
    return {name: series(values, 0.0 if name == "sameTopP" else STEP) for name, values in running.items()}


def perplexity(text):
    running = np.log([float(value) for value in re.findall(r"\[\d+\]([\d.]+),", text)])
    final = float(re.search(r"Final estimate: PPL = (\S+)", text)[1])
    return series(running, PPL_STEP / final) | {"final": final}


def series(running, step):
    count = np.arange(1, len(running) + 1)
    chunks = np.diff(count * running, prepend=0.0)
    blocks = chunks.reshape(block_count(len(chunks)), -1).mean(axis=1)
    correlation, effective = dependence(chunks, len(blocks), step / np.sqrt(12))
    plain = stats.t.interval(0.95, len(blocks) - 1, loc=blocks.mean(), scale=stats.sem(blocks))
    wider = np.sqrt((len(blocks) - 1) / (effective - 1)) * stats.sem(blocks) * stats.t.ppf(0.975, max(1, np.floor(effective - 0.5)))
    return {
        "chunks": chunks.tolist(),
        "blocks": blocks.tolist(),
        "mean": blocks.mean(),
        "plain": list(plain),
        "correlation": correlation,
        "effective": effective,
        "half": np.hypot(step / 2, wider),
    }


def block_count(chunks):
    """8 to 16 blocks of equal length, of 4 chunks if that many are there; the recordings here have 8 and 64 chunks."""
    return {8: 8, 64: 16}[chunks]


def dependence(chunks, blocks, noise):
    """Of the shortest groups of chunks whose scatter is not mostly rounding."""
    length = 1
    while length * blocks <= len(chunks):
        x = chunks[: len(chunks) // length * length].reshape(-1, length).mean(axis=1)
        covariance = autocovariance(x, noise)
        if covariance is not None:
            covariance = with_variance_of_mean(covariance, len(x))
            effective = variance_of_mean(covariance, len(x) / blocks) / variance_of_mean(covariance, len(x))
            return (covariance[1] / covariance[0] if length == 1 else None), float(np.clip(effective, 3, blocks))
        length *= 2
    return None, float(blocks)


def autocovariance(x, noise):
    n = len(x)
    apart = x - x.mean()
    covariance = np.correlate(apart, apart, "full")[n - 1 : n + n // 3] / n
    # Value i is i m[i] - (i - 1) m[i - 1], so the rounding of m[i] is in two neighbours.
    variances = (noise * np.arange(0, n + 1)) ** 2
    own, shared = (variances[1:] + variances[:-1]).sum() / n, variances[1:-1].sum() / n
    if covariance[0] == 0 or own > covariance[0] / 2:
        return None
    covariance[0] -= own
    covariance[1] += shared
    return covariance


def with_variance_of_mean(covariance, n):
    missing = 0.0
    for _ in range(6):
        missing = min(variance_of_mean(covariance + missing, n), covariance[0] / 2)
    return covariance + missing


def variance_of_mean(covariance, n):
    not_positive = np.nonzero(covariance[1:] <= 0)[0]
    used = covariance[1 : 1 + not_positive[0]] if len(not_positive) else covariance[1:]
    weights = np.maximum(0, n - np.arange(1, len(used) + 1))
    return (n * covariance[0] + 2 * (weights * used).sum()) / n**2


def pairs(demo):
    """Each two rows over the same blocks, and Holm's correction over all of them."""
    names = list(demo)
    each = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    found = []
    for metric in ["kld", "lnRatio", "sameTopP"]:
        tests = [stats.ttest_rel(demo[b][metric]["blocks"], demo[a][metric]["blocks"]) for a, b in each]
        corrected = holm([test.pvalue for test in tests])
        for (a, b), test, p in zip(each, tests, corrected):
            low, high = test.confidence_interval(0.95)
            found.append({"metric": metric, "a": a, "b": b, "t": test.statistic, "p": test.pvalue, "holm": p, "low": low, "high": high})
    return found


def holm(pvalues):
    order = np.argsort(pvalues)
    steps = np.sort(pvalues) * np.arange(len(pvalues), 0, -1)
    raised = np.empty(len(pvalues))
    raised[order] = np.minimum(1, np.maximum.accumulate(steps))
    return raised.tolist()


def wilson(counted, of):
    interval = stats.binomtest(counted, of).proportion_ci(0.95, method="wilson")
    return {"counted": counted, "of": of, "low": interval.low, "high": interval.high}


def speeds():
    """tg of three rows of the demo, tokens per second."""
    base, q4, q5 = [4327, 4306, 2590, 4821, 4876, 1813], [5363, 6533, 6093, 6290, 5133, 6529], [3213, 4062, 3816, 3129, 3661, 3342]
    return [(base, q4), (base, q5), (q4, q5)]


def permutation(a, b):
    """Of all ways to deal the values out, or to swap pairs; qpipe takes 2,000 of them."""

    def difference(x, y, axis=-1):
        return np.mean(np.log(y), axis=axis) - np.mean(np.log(x), axis=axis)

    def exact(kind):
        return stats.permutation_test((a, b), difference, permutation_type=kind, vectorized=True, n_resamples=np.inf).pvalue

    return {"a": a, "b": b, "p": exact("independent"), "paired": exact("samples")}


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout, indent=1, default=plain)
    print()
