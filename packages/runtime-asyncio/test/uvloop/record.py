"""What programs.py prints, each order of 40 runs of trio's and 5 of uvloop's: `python3 record.py > recorded.json`."""

import json
import pathlib
import platform
import subprocess
import sys

import trio
import uvloop

folder = pathlib.Path(__file__).parent
runs = {"three_kinds": 5, "timer_ties": 5, "rounding": 5, "sleeper": 5, "trio_batch": 40}


def printed(name):
    return subprocess.run([sys.executable, "programs.py", name], cwd=folder, capture_output=True, text=True).stdout.strip()


outputs = {name: sorted({printed(name) for _ in range(count)}) for name, count in runs.items()}
version = f"{platform.python_version()}, uvloop {uvloop.__version__}, trio {trio.__version__}"
print(json.dumps({"version": version, "command": "python3 record.py > recorded.json", "outputs": outputs}, indent=2))
