"""Merges adapters under many configs, in one process, as loading torch takes longer than all of them.

    python adapter-configs.py PATH/TO/merge-adapter.py FOLDER

FOLDER holds `base`, adapters, and `cases.json`: a list of configs, each with the adapter whose weights it is for. Prints for each a line of JSON: a digest of the merged weights, or null
and why there are none.
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import shutil
import sys
import warnings
from pathlib import Path


def main(script, folder):
    warnings.simplefilter("ignore")
    spec = importlib.util.spec_from_file_location("merge_adapter", script)
    merge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(merge)
    folder = Path(folder)
    work = folder / "work"
    for case in json.loads((folder / "cases.json").read_text()):
        shutil.rmtree(work, ignore_errors=True)
        (work / "adapter").mkdir(parents=True)
        shutil.copy(folder / case["weights"] / "adapter_model.safetensors", work / "adapter")
        (work / "adapter" / "adapter_config.json").write_text(json.dumps(case["config"]))
        os.chdir(work)
        sys.argv = [script, "--base", str(folder / "base"), "--adapter", "adapter"]
        print(json.dumps(run(merge)), flush=True)


def run(merge):
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(told):
            merge.main()
    except (Exception, SystemExit) as error:
        return {"sha256": None, "why": f"{type(error).__name__}: {error} {told.getvalue()}"}
    return {"sha256": hashlib.sha256(Path("model.safetensors").read_bytes()).hexdigest(), "why": ""}


main(*sys.argv[1:])
