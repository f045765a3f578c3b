"""Runs a program to its end: `measured.py '{"args": [...], "env": {...}, "cwd": ...}'`. Prints what it took, as JSON.

Node has no wait4. And what a process took at most is not less than what took whoever started it, as the kernel counts:
so it is started from here, where that is ten megabytes.
"""

import json
import os
import subprocess
import sys
import time

wanted = json.loads(sys.argv[1])
started = time.monotonic()
child = subprocess.Popen(
    wanted["args"], env=wanted["env"], cwd=wanted["cwd"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
)
_, status, usage = os.wait4(child.pid, 0)
print(
    json.dumps(
        {
            "exitCode": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - started,
            "processorSeconds": usage.ru_utime + usage.ru_stime,
            "peakMemory": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        }
    )
)
