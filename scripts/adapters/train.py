"""Trains the adapters of the tests on the demo model.

    python train.py --out ../../test/fixtures/adapters [--base ../../pipelines/demo] [--steps 30] [--only lora]

Needs what vendor/llama.cpp/requirements.txt lists, and torch. Writes a folder for each adapter, as PEFT saves it, and `held-out.txt`: entries of
the log that none of them was trained on. The texts come out the same byte for byte; the weights depend on the CPU and on the version of torch.
"""

import argparse
import json
import shutil
import time
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, LlamaTokenizerFast

from harbour import ASK, END, TELL, entries, talks

ATTENTION = ["q_proj", "v_proj"]
EVERY_LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
ROW, ROWS = 128, 6
HELD_OUT = 160

TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'user' %}" + ASK + "{{ message['content'] }}" + TELL
    + "{% elif message['role'] == 'assistant' %}{{ message['content'] }}" + END
    + "{% else %}{{ raise_exception('only user and assistant speak here') }}{% endif %}{% endfor %}"
)

ADAPTERS = {
    "lora": {"r": 4, "lora_alpha": 8, "target_modules": EVERY_LINEAR},
    # Without rsLoRA the scale would be 4 instead of 11.3: a merge that overlooks it shows at once.
    "rslora": {"r": 8, "lora_alpha": 32, "target_modules": ATTENTION, "use_rslora": True, "rank_pattern": {"layers.0.self_attn.q_proj": 4}},
    "modules": {"r": 4, "lora_alpha": 8, "target_modules": ATTENTION, "modules_to_save": ["model.norm"]},
    "tokens": {"r": 4, "lora_alpha": 8, "target_modules": ATTENTION},
}


# What its scale makes eleven times as large learns in smaller steps.
RATES = {"rslora": 5e-4}


def main():
    arguments = parse()
    torch.use_deterministic_algorithms(True)
    # More threads would wait for each other beside whatever else runs, and sum in another order.
    torch.set_num_threads(1)
    training, held_out = parted()
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "held-out.txt").write_text("\n\n".join(held_out) + "\n")
    for name in arguments.only or ADAPTERS:
        started = time.monotonic()
        texts = talks(400, seed=3) if name == "tokens" else training
        before, after = train(name, texts, arguments)
        print(f"{name}: loss {before:.3f} -> {after:.3f}, {time.monotonic() - started:.0f} s", flush=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", type=Path, default=Path(__file__).parents[2] / "pipelines" / "demo")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--only", nargs="*", choices=ADAPTERS)
    return parser.parse_args()


def parted():
    every = entries(2400 + HELD_OUT, seed=1)
    return every[HELD_OUT:], every[:HELD_OUT]


def train(name, texts, arguments):
    torch.manual_seed(11)
    tokenizer = LlamaTokenizerFast.from_pretrained(arguments.base)
    model = AutoModelForCausalLM.from_pretrained(arguments.base, dtype=torch.float32)
    settings = dict(ADAPTERS[name])
    if name == "tokens":
        settings["trainable_token_indices"] = add_tokens(tokenizer, model)
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **settings))
    rows = in_rows(tokenizer, texts)
    optimizer = torch.optim.AdamW([weight for weight in adapted.parameters() if weight.requires_grad], lr=RATES.get(name, 3e-3))
    losses = []
    for step in range(arguments.steps):
        batch = rows[torch.randint(len(rows), (ROWS,))]
        loss = adapted(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    save(adapted, tokenizer if name == "tokens" else None, arguments.out / name)
    return losses[0], sum(losses[-10:]) / 10


def add_tokens(tokenizer, model):
    """Three more tokens, whose rows alone are trained: the adapter stays small."""
    tokenizer.add_special_tokens({"additional_special_tokens": [ASK, TELL, END]})
    tokenizer.chat_template = TEMPLATE
    model.resize_token_embeddings(len(tokenizer))
    new = tokenizer.convert_tokens_to_ids([ASK, TELL, END])
    return {"embed_tokens": new, "lm_head": new}


def in_rows(tokenizer, texts):
    tokens = tokenizer("\n\n".join(texts), add_special_tokens=False)["input_ids"]
    usable = len(tokens) // (ROW - 1) * (ROW - 1)
    body = torch.tensor(tokens[:usable]).view(-1, ROW - 1)
    return torch.cat([torch.full((len(body), 1), tokenizer.bos_token_id), body], dim=1)


def save(adapted, tokenizer, folder):
    shutil.rmtree(folder, ignore_errors=True)
    # A name instead of this machine's path.
    adapted.peft_config["default"].base_model_name_or_path = "qpipe/demo"
    adapted.to(torch.bfloat16).save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    if tokenizer is not None:
        tokenizer.save_pretrained(folder)
        vocabulary = folder / "tokenizer.json"
        vocabulary.write_text(json.dumps(json.loads(vocabulary.read_text()), ensure_ascii=False, separators=(",", ":")))
    config = folder / "adapter_config.json"
    # PEFT writes sets in any order.
    written = json.loads(config.read_text())
    written["target_modules"] = sorted(written["target_modules"])
    config.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
