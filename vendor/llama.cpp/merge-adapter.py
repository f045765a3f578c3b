"""Merges a PEFT LoRA into its model, at the precision in which the model is stored, on the CPU.

    python merge-adapter.py --base FOLDER --adapter FOLDER [--rows N] [--threads N]

Writes model.safetensors and config.json into the working folder. Tensors that the adapter does not change are the base's, byte for byte; so are
those that the model's class does not know. Prints `merging: 42%` on the way, and at the end a line of JSON: which tensors changed, and how far.

A message for people is one line on stderr, after this script's name, with exit code 1; anything else is a traceback.
"""

import argparse
import json
import math
import re
import sys
import warnings
from pathlib import Path

import torch
import transformers
from peft import PeftModel, get_peft_model_state_dict
from safetensors import safe_open
from safetensors.torch import load_file

FLOATS = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}
NAMES = {
    **FLOATS,
    torch.float64: "F64",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def main():
    arguments = parse()
    torch.manual_seed(0)
    torch.set_num_threads(arguments.threads)
    config = json.loads((arguments.base / "config.json").read_text())
    stored = Stored(arguments.base)
    progress(0)
    model = load(arguments.base, config, stored)
    progress(30)
    untied = becomes_untied(model, arguments.adapter)
    if untied:
        untie(model)
    if arguments.rows is not None:
        # Deterministic: every new row is the adapter's own in the end.
        model.resize_token_embeddings(arguments.rows, mean_resizing=False)
    model = merged(model, arguments.adapter)
    progress(50)
    answer = write(model, stored, untied)
    write_config(config, arguments.rows, answer["untied"])
    print(json.dumps(answer), flush=True)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def progress(percent):
    print(f"merging: {percent}%", flush=True)


def give_up(message):
    print(f"merge-adapter.py: {message}", file=sys.stderr, flush=True)
    sys.exit(1)


class Stored:
    """The base's tensors as they lie in its files, read when they are asked for."""

    def __init__(self, folder):
        self.readers = {}
        for file in sorted(folder.glob("*.safetensors")):
            reader = safe_open(file, framework="pt")
            self.readers.update({name: reader.get_tensor for name in reader.keys()})
        for file in sorted(folder.glob("*.bin")) if not self.readers else []:
            tensors = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
            self.readers.update({name: tensors.get for name in tensors})

    def names(self):
        return list(self.readers)

    def tensor(self, name):
        return self.readers[name](name)

    def precision(self):
        """The float type that most of it has."""
        sizes = {}
        for name in self.names():
            tensor = self.tensor(name)
            sizes[tensor.dtype] = sizes.get(tensor.dtype, 0) + tensor.nbytes
        most = max(sizes, key=sizes.get)
        if most not in FLOATS:
            give_up(f"the model is stored as {most}; an adapter is merged into F32, BF16 or F16")
        return most


def load(folder, config, stored):
    (name,) = (config.get("architectures") or [None])[:1]
    kind = getattr(transformers, name or "AutoModelForCausalLM", None)
    if kind is None:
        give_up(f"transformers {transformers.__version__} has no {name}: merge with the model's own code and name the merged folder by `path:`")
    model, report = kind.from_pretrained(
        folder, dtype=stored.precision(), local_files_only=True, trust_remote_code=False, output_loading_info=True
    )
    if report["missing_keys"]:
        give_up(f"the model's weights lack {sorted(report['missing_keys'])[0]}")
    return model.eval()


def becomes_untied(model, folder):
    """An embedding that is the output as well was the output still when only one of the two was trained."""
    embedding, output = model.get_input_embeddings(), model.get_output_embeddings()
    if output is None or embedding.weight is not output.weight:
        return False
    config = json.loads((folder / "adapter_config.json").read_text())
    if config.get("ensure_weight_tying") or config.get("trainable_token_indices"):
        return False
    ends = [name.rpartition(".")[2] for name, module in model.named_modules() if module is embedding or module is output]
    saved = config.get("modules_to_save") or []
    weights = adapter_weights(folder)
    trained = [key for key in weights if ".lora_" in key] + [f".{name}." for name in saved]
    if any(f".{end}." in key for end in ends for key in trained):
        return True
    whole = [key for end in ends for key in weights if key.endswith((f".{end}.weight", f".{end}.base_layer.weight"))]
    return len(whole) == 2 and not torch.equal(weights[whole[0]], weights[whole[1]])


def untie(model):
    output = model.get_output_embeddings()
    output.weight = torch.nn.Parameter(output.weight.detach().clone())
    for config in (model.config, model.config.get_text_config()):
        config.tie_word_embeddings = False


def adapter_weights(folder):
    safe = folder / "adapter_model.safetensors"
    return load_file(safe) if safe.exists() else torch.load(folder / "adapter_model.bin", map_location="cpu", weights_only=True)


def merged(model, folder):
    with warnings.catch_warnings():
        # Of tied embeddings: they were taken apart already where that has to be.
        warnings.simplefilter("ignore")
        adapted = PeftModel.from_pretrained(model, folder, torch_device="cpu")
        refuse_other_names(adapted, folder)
        try:
            return adapted.merge_and_unload(safe_merge=True)
        except ValueError as error:
            if "NaN" in str(error):
                give_up(f"merged, the model holds NaN or infinity: {error}")
            raise


def refuse_other_names(adapted, folder):
    """PEFT only warns of weights that it has no place for, or that it misses, and goes on with what it was begun with."""
    given = set(adapter_weights(folder))
    wanted = set(get_peft_model_state_dict(adapted, save_embedding_layers=False))
    missing = sorted(wanted - given)
    if missing:
        give_up(f"the adapter has no {missing[0]}, which its adapter_config.json asks for")
    unused = sorted(name for name in given - wanted if ".lora_" in name)
    if unused:
        give_up(f"the adapter's {unused[0]} has no place in the model as adapter_config.json describes it")


def write(model, stored, untied):
    values = model.state_dict()
    places = Places(model, values)
    untied = untied and not torch.equal(model.get_input_embeddings().weight, model.get_output_embeddings().weight)
    output = own_output(model, stored, places) if untied else []
    entries = [(name, places.find(name)) for name in stored.names()] + output
    homeless = set(dict(model.named_parameters())) - {key for _, key in entries if key} - places.tied_to_embedding()
    if homeless:
        give_up(f"nobody knows by which name the model's files hold {sorted(homeless)[0]}")
    total = {"new": 0.0, "old": 0.0}
    changed = []
    with SafetensorsWriter(Path("model.safetensors"), plan(entries, values, stored)) as file:
        for done, (name, key) in enumerate(entries):
            before = stored.tensor(name) if name in stored.readers else None
            value, by = decide(before, values[key] if key else None, total)
            if by is not False:
                changed.append({"tensor": name, "by": by})
            file.add(value)
            progress(50 + 50 * (done + 1) // len(entries))
    rows = model.get_input_embeddings().weight.shape[0]
    by = math.sqrt(total["new"] / total["old"]) if total["old"] else 0.0
    return {"tensors": len(entries), "changed": changed, "by": by, "rows": rows, "untied": untied}


class Places:
    """Where the model's class keeps what a file calls by another name."""

    def __init__(self, model, values):
        self.model = model
        self.values = values
        self.prefix = model.base_model_prefix + "."
        self.renamed = getattr(model, "_checkpoint_conversion_mapping", None) or {}

    def find(self, name):
        other = name
        for pattern, replacement in self.renamed.items():
            other = re.sub(pattern, replacement, other)
        candidates = [name, other, self.prefix + name, name.removeprefix(self.prefix)]
        return next((key for key in candidates if key in self.values), None)

    def tied_to_embedding(self):
        output = self.model.get_output_embeddings()
        tied = output is not None and output.weight is self.model.get_input_embeddings().weight
        return {name for name, value in self.model.named_parameters() if tied and value is output.weight}


def own_output(model, stored, places):
    """The output's name and key, where the base's files hold it as the embedding only."""
    output = model.get_output_embeddings()
    (key,) = [name for name, value in model.named_parameters() if value is output.weight]
    return [] if any(places.find(name) == key for name in stored.names()) else [(key, key)]


def plan(entries, values, stored):
    """Types and shapes of what will be written."""
    planned = []
    for name, key in entries:
        before = stored.tensor(name) if name in stored.readers else None
        shape = values[key].shape if key else before.shape
        kind = before.dtype if before is not None else values[key].dtype
        if before is not None and list(shape[1:]) != list(before.shape[1:]):
            give_up(f"{name} has the shape {list(before.shape)} in the file and {list(shape)} in the model")
        planned.append((name, kind, list(shape)))
    return planned


def decide(before, value, total):
    """What to write of a tensor, and how far it moved; False where it did not."""
    if value is None:
        return before, False
    value = value.detach()
    if before is None:
        return value, None
    rows = min(before.shape[0], value.shape[0]) if before.dim() else None
    same = before if rows is None else before[:rows]
    kept = value if rows is None else value[:rows]
    if torch.equal(same.to(value.dtype), kept):
        if before.shape == value.shape:
            return before, False
        return torch.cat([same, value[rows:].to(before.dtype)]), None
    value = value.to(before.dtype)
    # By pieces: in F32 a whole embedding would take twice the room that it has.
    new = old = 0.0
    for now, then in zip(kept.reshape(-1).split(1 << 24), same.reshape(-1).split(1 << 24)):
        new += float((now.float() - then.float()).double().square().sum())
        old += float(then.double().square().sum())
    total["new"] += new
    total["old"] += old
    return value, math.sqrt(new / old) if old else None


class SafetensorsWriter:
    """Writes tensor by tensor, so that the file is never in memory as a whole."""

    def __init__(self, path, planned):
        self.path = path
        self.planned = planned

    def __enter__(self):
        header, at = {"__metadata__": {"format": "pt"}}, 0
        for name, kind, shape in self.planned:
            size = math.prod(shape) * kind.itemsize
            header[name] = {"dtype": NAMES[kind], "shape": shape, "data_offsets": [at, at + size]}
            at += size
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        self.file = self.path.open("wb")
        self.file.write(len(text).to_bytes(8, "little") + text)
        return self

    def add(self, tensor):
        self.file.write(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)

    def __exit__(self, *_):
        self.file.close()


def write_config(config, rows, untied):
    """The base's own, but for what the adapter changed."""
    for part in [config, config.get("text_config")]:
        if part is not None and rows is not None and "vocab_size" in part:
            part["vocab_size"] = rows
        if part is not None and untied and (part is config or "tie_word_embeddings" in part):
            part["tie_word_embeddings"] = False
    Path("config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
