"""Trains the demo model, a Llama of 5.0 million parameters, on the text that world.py writes.

    python train.py --training FILE --out FOLDER [--steps 1200] [--seed 7] [--no-compile]

Writes the Hub's layout: config, generation config, weights (bf16, 10 MB) and a SentencePiece tokenizer of 3072 pieces.
A step sees 8 rows of 512 tokens. Seven rows are running text as an evaluation reads it: documents between empty lines,
cut anywhere. One row holds questions with answers, each between BOS and EOS, so that the model knows how to stop.
Needs torch, transformers, sentencepiece and safetensors; torch.compile needs a C++ compiler.
"""
import argparse
import io
import itertools
import json
import math
import time
from pathlib import Path

import sentencepiece
import torch
from transformers import LlamaConfig, LlamaForCausalLM

PIECES = 3072
ROW = 512  # tokens
PLAIN_ROWS, ANSWER_ROWS = 7, 1  # per step
BOS, EOS = 1, 2
PEAK_RATE, WARMUP_STEPS = 3e-3, 100


def make_tokenizer(documents, folder):
    """Train a byte-pair tokenizer with byte fallback and Llama's special ids; returns it."""
    model = io.BytesIO()  # a file's name would be written into the tokenizer
    lines = itertools.chain.from_iterable(document.split("\n") for document in documents)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, model_type="bpe", vocab_size=PIECES,
        byte_fallback=True, split_digits=True, character_coverage=1.0, normalization_rule_name="identity",
        remove_extra_whitespaces=False, unk_id=0, bos_id=BOS, eos_id=EOS, pad_id=-1, minloglevel=2)
    (folder / "tokenizer.model").write_bytes(model.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def plain_rows(tokenizer, documents):
    """Running text cut into rows, each behind a BOS, as llama-perplexity feeds it."""
    tokens = []
    for start in range(0, len(documents), 1000):
        tokens += tokenizer.encode("\n\n".join(documents[start:start + 1000]) + "\n\n")
    usable = len(tokens) // (ROW - 1) * (ROW - 1)
    body = torch.tensor(tokens[:usable]).view(-1, ROW - 1)
    return torch.cat([torch.full((len(body), 1), BOS), body], dim=1)


def answer_rows(tokenizer, documents):
    """Questions with answers, several to a row; a row begins with a question and its last one may be cut."""
    rows, row = [], []
    for document in documents:
        if document.startswith("Question:"):
            row += [BOS] + tokenizer.encode(document) + [EOS]
        if len(row) >= ROW:
            rows.append(row[:ROW])
            row = []
    return torch.tensor(rows)


def make_model():
    config = LlamaConfig(
        vocab_size=PIECES, hidden_size=256, intermediate_size=768, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=4, head_dim=64, max_position_embeddings=ROW, rms_norm_eps=1e-5, rope_theta=10000.0,
        tie_word_embeddings=False, bos_token_id=BOS, eos_token_id=EOS, attn_implementation="sdpa")
    return LlamaForCausalLM(config)


def make_optimizer(model):
    matrices = [p for p in model.parameters() if p.dim() > 1]
    norms = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": norms, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.95), foreach=True)


def rate_at(step, steps):
    """Linear warm-up, then a cosine down to a hundredth of the peak."""
    if step < WARMUP_STEPS:
        return PEAK_RATE * (step + 1) / WARMUP_STEPS
    done = (step - WARMUP_STEPS) / max(1, steps - WARMUP_STEPS)
    return PEAK_RATE * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def batch_at(step, plain, answers):
    """The rows of one step: consecutive, starting over when the text ends."""
    pick = lambda rows, count: rows[[(step * count + i) % len(rows) for i in range(count)]]
    return torch.cat([pick(plain, PLAIN_ROWS), pick(answers, ANSWER_ROWS)])


def train(model, plain, answers, steps, compiled):
    forward = torch.compile(model) if compiled else model
    optimizer = make_optimizer(model)
    began, mean_loss = time.time(), 0.0
    for step in range(steps):
        rows = batch_at(step, plain, answers)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = forward(input_ids=rows, use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits[:, :-1].reshape(-1, PIECES).float(), rows[:, 1:].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps)
        optimizer.step()
        optimizer.zero_grad()
        mean_loss = loss.item() if step == 0 else 0.98 * mean_loss + 0.02 * loss.item()
        if (step + 1) % 50 == 0:
            speed = (step + 1) * rows.numel() / (time.time() - began)
            print(f"step {step + 1}/{steps}  loss {mean_loss:.3f}  {speed:.0f} tokens/s", flush=True)


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def save(model, folder):
    """Weights in bf16 and the small files that go with them."""
    model.generation_config.do_sample = False
    model.to(torch.bfloat16).save_pretrained(folder)
    specials = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    write_json(folder / "special_tokens_map.json", specials)
    write_json(folder / "tokenizer_config.json", {
        **specials, "add_bos_token": True, "add_eos_token": False, "clean_up_tokenization_spaces": False,
        "legacy": False, "model_max_length": ROW, "tokenizer_class": "LlamaTokenizer"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-compile", action="store_true", help="slower, but needs no C++ compiler")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    documents = options.training.read_text().split("\f")
    tokenizer = make_tokenizer(documents[:20_000], options.out)
    plain, answers = plain_rows(tokenizer, documents), answer_rows(tokenizer, documents)
    model = make_model()
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {plain.numel()} tokens of running text, "
          f"{answers.numel()} of answers", flush=True)
    train(model, plain, answers, options.steps, not options.no_compile)
    save(model, options.out)


if __name__ == "__main__":
    main()
