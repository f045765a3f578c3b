"""Acceptance checks of the demo model with the real llama.cpp tools; exits 1 if one fails.

    python check.py --tools FOLDER --converter convert_hf_to_gguf.py --work FOLDER [--training FILE] [--threads 2]

--tools holds llama-quantize, llama-imatrix, llama-perplexity and llama-completion. --training is the text world.py
wrote; without it, answers are compared with the calibration and evaluation texts only. About 4 minutes on 2 cores.
Divergences are in nats per token, "same top" in percent of tokens.
"""
import argparse
import json
import math
import re
import statistics
import subprocess
import sys
from pathlib import Path

from safetensors import safe_open

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "pipelines" / "demo"
CALIBRATION, EVALUATION = ROOT / "imatrix" / "calibration.txt", MODEL / "evaluation.txt"
TYPES = ["Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K"]
CHUNKS, BLOCK = 64, 4
T_95 = 2.131  # two-sided, 15 degrees of freedom
LONG_LINE, SHINGLE = 60, 50  # characters
MAX_MODEL_BYTES, MIN_TOP_GAP, MAX_PERPLEXITY = 20_000_000, 5.0, 15.0

failures = []


def check(passed, text):
    print(("ok    " if passed else "FAIL  ") + text, flush=True)
    if not passed:
        failures.append(text)


def run(command, done=None):
    """Output and log of a command together. Repeats (twice) while the mark `done` of a complete log is missing:
    llama-perplexity can lose its last lines and still exit 0."""
    for _ in range(3):
        result = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace")
        log = result.stdout + "\n" + result.stderr
        if result.returncode != 0:
            sys.exit(f"{command[0]} failed with {result.returncode}:\n{log[-2000:]}")
        if done is None or done in log:
            return log
    sys.exit(f"{command[0]} did not finish its report")


# -- texts

def shingles(text):
    return {text[i:i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}


def check_texts(training):
    parts = {"calibration": CALIBRATION.read_text().strip().split("\n\n"),
             "evaluation": EVALUATION.read_text().strip().split("\n\n")}
    if training:
        parts["training"] = training.read_text().split("\f")
    names = list(parts)
    for i, first in enumerate(names):
        for second in names[i + 1:]:
            compare_parts(first, parts[first], second, parts[second])
    ours, theirs = shingles(EVALUATION.read_text()), shingles(CALIBRATION.read_text())
    share = 100 * len(ours & theirs) / len(ours)
    check(share < 1, f"{share:.2f} % of the evaluation's {SHINGLE}-character shingles occur in the calibration text")


def compare_parts(first_name, first, second_name, second):
    documents = len(set(first) & set(second))
    long_lines = [{line for document in part for line in document.split("\n") if len(line) >= LONG_LINE}
                  for part in (first, second)]
    lines = len(long_lines[0] & long_lines[1])
    check(documents == 0 and lines == 0,
          f"{first_name} and {second_name} share {documents} documents and {lines} lines of {LONG_LINE} or more characters")


# -- model

def check_model():
    size = (MODEL / "model.safetensors").stat().st_size
    check(size < MAX_MODEL_BYTES, f"model.safetensors is {size / 1e6:.2f} MB")
    with safe_open(MODEL / "model.safetensors", "pt") as weights:
        shapes = {name: weights.get_slice(name).get_shape() for name in weights.keys()}
    odd = [name for name, shape in shapes.items() if shape[-1] % 256]
    check(not odd, f"all rows of {len(shapes)} tensors are divisible by 256 {odd or ''}")
    print(f"      {sum(math.prod(shape) for shape in shapes.values())} parameters")


def convert(options):
    target = options.work / "f16.gguf"
    run([sys.executable, options.converter, MODEL, "--outfile", target, "--outtype", "f16", "--model-name", "qpipe demo"])
    return target


# -- answers

def ask(options, model, prompt):
    """The greedy answer of a model, and whether it ended by itself. The tool can lose its last output, so an answer
    without an end is asked for again (twice)."""
    command = [options.tools / "llama-completion", "-m", model, "-p", prompt, "-n", "80", "--temp", "0", "--seed", "1",
               "-no-cnv", "--no-display-prompt", "-t", str(options.threads)]
    for _ in range(3):
        result = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        answer, end, _rest = result.stdout.partition("[end of text]")
        if end:
            break
    return answer.strip(), bool(end)


def has(answer, required):
    words = required if isinstance(required, list) else [required]
    return any(re.search(rf"\b{re.escape(word)}\b", answer, re.IGNORECASE) for word in words)


def check_answers(options, model):
    task = json.loads((MODEL / "questions.json").read_text())
    seen = CALIBRATION.read_text() + EVALUATION.read_text()
    if options.training:
        seen += options.training.read_text()
    for entry in task["questions"]:
        answer, ended = ask(options, model, task["prompt"].replace("{question}", entry["question"]))
        missing = [required for required in entry["required"] if not has(answer, required)]
        sentence = bool(re.fullmatch(r"[A-Z][^.?!\n]*\.", answer))
        check(ended and sentence and not missing and answer not in seen,
              f"{entry['question']} {answer}" + (f" (missing {missing})" if missing else "")
              + (" (found in the texts)" if answer in seen else "") + ("" if sentence and ended else " (not one sentence)"))


# -- quantization

def measure(options, f16):
    """For each type: (running means of the divergence by chunk, mean divergence, same top)."""
    perplexity, threads = options.tools / "llama-perplexity", ["-t", str(options.threads)]
    imatrix, base = options.work / "imatrix.gguf", options.work / "base.kld"
    run([options.tools / "llama-imatrix", "-m", f16, "-f", CALIBRATION, "-c", "512", "--chunks", "128", "-o", imatrix] + threads)
    log = run([perplexity, "-m", f16, "-f", EVALUATION, "-c", "512", "--chunks", str(CHUNKS), "--kl-divergence-base", base]
              + threads, "Final estimate")
    value = float(re.search(r"Final estimate: PPL = ([\d.]+)", log).group(1))
    check(value < MAX_PERPLEXITY, f"F16 perplexity {value:.3f}")
    results = {}
    for kind in TYPES:
        model = options.work / f"{kind}.gguf"
        log = run([options.tools / "llama-quantize", "--imatrix", imatrix, f16, model, kind, str(options.threads)])
        check("fallback" not in log, f"{kind}: {model.stat().st_size / 1e6:.2f} MB, without fallback types")
        log = run([perplexity, "-m", model, "--kl-divergence-base", base, "--kl-divergence", "-c", "512"] + threads, "Same top p:")
        results[kind] = read_divergence(log)
    return results


def read_divergence(log):
    rows = re.findall(r"^\s*(\d+)\s+[\d.]+ ±\s+[\d.]+\s+\S+ ±\s+[\d.]+\s+(-?[\d.]+) ±", log, re.MULTILINE)
    means = {int(chunk): float(mean) for chunk, mean in rows}
    assert sorted(means) == list(range(1, CHUNKS + 1)), "a chunk's row is missing"
    return (means, float(re.search(r"Mean\s+KLD:\s+(-?[\d.]+)", log).group(1)),
            float(re.search(r"Same top p:\s+([\d.]+)", log).group(1)))


def block_means(means):
    """Means of consecutive blocks of chunks, from the running means that are printed."""
    ends = range(BLOCK, CHUNKS + 1, BLOCK)
    return [(end * means[end] - (end - BLOCK) * means.get(end - BLOCK, 0)) / BLOCK for end in ends]


def check_quantization(options, f16):
    results = measure(options, f16)
    for kind, (_, mean, top) in results.items():
        print(f"      {kind:7} mean KLD {mean:.6f}  same top {top:.2f} %")
    for better, worse in zip(TYPES, TYPES[1:]):
        pairs = zip(block_means(results[worse][0]), block_means(results[better][0]))
        differences = [high - low for high, low in pairs]
        t = statistics.mean(differences) / (statistics.stdev(differences) / math.sqrt(len(differences)))
        check(results[better][1] < results[worse][1] and t > T_95, f"{better} is better than {worse}: paired t = {t:.1f}")
    gap = results["Q8_0"][2] - results["Q2_K"][2]
    check(gap >= MIN_TOP_GAP, f"same top of Q2_K is {gap:.2f} percentage points under that of Q8_0")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--converter", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for what the checks make, 0.4 GB")
    parser.add_argument("--training", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    check_texts(options.training)
    check_model()
    f16 = convert(options)
    check_answers(options, f16)
    check_quantization(options, f16)
    print(f"{len(failures)} checks failed" if failures else "all checks passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
