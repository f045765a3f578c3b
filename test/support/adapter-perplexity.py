"""Perplexity of a model with its adapter beside it, not merged, over the windows that llama-perplexity scores.

    python adapter-perplexity.py BASE ADAPTER TOKENIZER TEXT CONTEXT CHUNKS

A window is CONTEXT tokens of the text that begins with BOS; its first token is replaced by BOS, and its second half is scored.
"""

import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def main(base, adapter, folder, text, context, chunks):
    context, chunks = int(context), int(chunks)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    model = PeftModel.from_pretrained(model, adapter).eval()
    tokens = [tokenizer.bos_token_id] + tokenizer.encode(Path(text).read_text(), add_special_tokens=False)
    total = count = 0
    for chunk in range(chunks):
        window = torch.tensor([tokens[chunk * context : (chunk + 1) * context]])
        window[0, 0] = tokenizer.bos_token_id
        with torch.no_grad():
            logits = model(input_ids=window).logits[0, context // 2 : -1].double()
        wanted = window[0, context // 2 + 1 :]
        total += torch.nn.functional.cross_entropy(logits, wanted, reduction="sum").item()
        count += len(wanted)
    print(torch.tensor(total / count, dtype=torch.float64).exp().item())


main(*sys.argv[1:])
