"""Makes small random models with adapters of many forms, and compares each with what merge-adapter.py makes of it.

    python adapter-kinds.py make FOLDER
    python adapter-kinds.py compare FOLDER PATH/TO/merge-adapter.py

Every kind gets a folder with `base`, `adapter` and what the adapter beside its model says; then the merged model too, and a line of JSON says how far the
logits of the two are apart.
"""

import contextlib
import io
import json
import os
import runpy
import sys
import warnings
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, Gemma3TextConfig, GPT2Config, LlamaConfig, MixtralConfig, Qwen2Config

SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 64,
    "max_position_embeddings": 64,
}
PATTERNS = {"rank_pattern": {"layers.0.self_attn.q_proj": 2}, "alpha_pattern": {"down_proj": 32}}

KINDS = {
    # Weights with their inputs first, and names without the outermost one, as the Hub has them.
    "gpt2": (GPT2Config(n_embd=32, n_layer=2, n_head=4, vocab_size=64, n_positions=64), {"target_modules": ["c_attn", "c_proj"]}, {"strip": "transformer."}),
    "every-linear": (LlamaConfig(**SMALL), {"target_modules": "all-linear"}, {"binary": True}),
    "tied-embedding": (LlamaConfig(**SMALL, tie_word_embeddings=True), {"target_modules": ["q_proj", "embed_tokens"]}, {}),
    "tied-output": (LlamaConfig(**SMALL, tie_word_embeddings=True), {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"]}, {}),
    "tied-rows": (
        LlamaConfig(**SMALL, tie_word_embeddings=True),
        {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [64, 65]}},
        {"rows": 66},
    ),
    "dora-patterns": (Qwen2Config(**SMALL, tie_word_embeddings=True), {"target_modules": ["q_proj", "down_proj"], "use_dora": True, **PATTERNS}, {}),
    "rslora": (Gemma3TextConfig(**SMALL, head_dim=8), {"target_modules": ["q_proj", "up_proj"], "use_rslora": True}, {}),
    "experts": (MixtralConfig(**SMALL, num_local_experts=4), {"target_modules": ["q_proj", "w1", "w3"]}, {"shards": True}),
    "biases": (Qwen2Config(**SMALL), {"target_modules": ["q_proj"], "bias": "all"}, {}),
    "biases-of-targets": (Qwen2Config(**SMALL), {"target_modules": ["q_proj"], "bias": "lora_only"}, {}),
    "biases-of-factors": (Qwen2Config(**SMALL), {"target_modules": ["q_proj", "v_proj"], "lora_bias": True}, {}),
    "expression": (LlamaConfig(**SMALL), {"target_modules": r".*\.(?P<layer>\d+)\.self_attn\.(q|v)_proj"}, {}),
    "one-layer": (LlamaConfig(**SMALL), {"target_modules": ["q_proj"], "layers_to_transform": 1, "layers_pattern": "layers"}, {}),
    "left-out": (LlamaConfig(**SMALL), {"target_modules": ["q_proj", "v_proj"], "exclude_modules": ["layers.0.self_attn.v_proj"]}, {}),
    "whole-block": (LlamaConfig(**SMALL), {"target_modules": ["q_proj"], "modules_to_save": ["mlp"]}, {}),
    "dora-embedding": (LlamaConfig(**SMALL), {"target_modules": ["q_proj", "embed_tokens"], "use_dora": True}, {}),
    "tied-on-purpose": (
        LlamaConfig(**SMALL, tie_word_embeddings=True),
        {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True},
        {},
    ),
    "rows-of-both": (
        LlamaConfig(**SMALL),
        {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [5, 64], "lm_head": [5, 64]}},
        {"rows": 65},
    ),
}
TRAINED = ("modules_to_save", "trainable_tokens", "bias")


def main(step, folder, script=None):
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    for name, (config, lora, how) in KINDS.items():
        if step == "make":
            make(Path(folder) / name, config, lora, **how)
        else:
            apart, scale, answer = compare(script, Path(folder) / name, how.get("rows"))
            print(json.dumps({"kind": name, "apart": apart, "scale": scale, "untied": answer["untied"]}), flush=True)


def make(root, config, lora, strip=None, rows=None, shards=False, binary=False):
    AutoModelForCausalLM.from_config(config).float().save_pretrained(
        root / "base", max_shard_size="100KB" if shards else "5GB", safe_serialization=not binary
    )
    if strip:
        file = root / "base" / "model.safetensors"
        save_file({name.removeprefix(strip): value for name, value in load_file(file).items()}, file, metadata={"format": "pt"})
    model = AutoModelForCausalLM.from_pretrained(root / "base")
    if rows:
        model.resize_token_embeddings(rows, mean_resizing=False)
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=4, init_lora_weights=False, **lora)).eval()
    for name, weight in adapted.named_parameters():
        if weight.requires_grad and any(part in name for part in TRAINED):
            weight.data += 0.05 * torch.randn_like(weight)
    adapted.save_pretrained(root / "adapter")
    tokens = torch.randint(0, 60, (1, 12))
    with torch.no_grad():
        save_file({"tokens": tokens, "logits": adapted(tokens).logits}, root / "expected.safetensors")


def compare(script, root, rows):
    answer = merge(script, root, ["--rows", str(rows)] if rows else [])
    expected = load_file(root / "expected.safetensors")
    merged = AutoModelForCausalLM.from_pretrained(root).eval()
    with torch.no_grad():
        wanted, got = expected["logits"], merged(expected["tokens"]).logits
    return float((wanted - got).abs().max()), float(wanted.abs().max()), answer


def merge(script, root, resize):
    """In this process: a new one for each would load torch for longer than everything else takes."""
    os.chdir(root)
    told = io.StringIO()
    sys.argv = [script, "--base", "base", "--adapter", "adapter", *resize]
    with contextlib.redirect_stdout(told):
        runpy.run_path(script, run_name="__main__")
    return json.loads(told.getvalue().splitlines()[-1])


main(*sys.argv[1:])
