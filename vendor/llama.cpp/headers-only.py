"""Runs llama.cpp's convert_hf_to_gguf.py on the headers of weights alone.

    python headers-only.py PATH/TO/convert_hf_to_gguf.py [ARGUMENTS OF THE CONVERTER]

The GGUF is the real one as far as its weights, and these are a hole of the right size. No weight is read or written, so a safetensors
file need be no more than its header with a hole behind it. Everything else is done by the converter's own code.

It ends with exit code 3 where a model's conversion looks at weights before it knows what to write. Any other code but 0 is the converter's.
"""

import io
import os
import sys
from importlib import import_module
from pathlib import Path


def main():
    script = Path(sys.argv[1])
    sys.argv = sys.argv[1:]
    # What Python sets for a script that it is given by name: the converter imports what lies beside it.
    sys.path[0] = str(script.parent)
    converter = import_module(script.stem)
    gguf, torch = converter.gguf, converter.torch
    replace(gguf.utility.LocalTensor, "mmap_bytes", refuse)
    replace(torch, "load", without_weights(torch.load))
    replace(gguf.LazyNumpyTensor, "tofile", leave_hole)
    replace(gguf.LazyChunkedTensor, "tofile", leave_hole)
    converter.main()


def replace(owner, name, function):
    """Fails in a converter that has no such method: it would read or write weights by another one."""
    getattr(owner, name)
    setattr(owner, name, function)


def refuse(*_):
    """Ends at once: an exception could be caught, and the file made without what was asked for."""
    print("headers-only.py: this conversion looks at weights", file=sys.stderr, flush=True)
    os._exit(3)


def without_weights(load):
    """Pickled tensors of torch's device for shapes: whoever looks at their values gets an error."""
    return lambda *arguments, **options: load(*arguments, **{**options, "map_location": "meta"})


def leave_hole(tensor, file):
    # The writer's detour over a temporary file (--use-temp-file) copies holes as zeros.
    if not isinstance(file, io.BufferedWriter):
        refuse()
    end = file.tell() + tensor.nbytes
    file.truncate(end)
    file.seek(end)


if __name__ == "__main__":
    main()
