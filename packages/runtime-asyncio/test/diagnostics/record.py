"""What programs.py says, plain and in debug mode: `python3.11 record.py > recorded.json`."""

import json
import os
import pathlib
import platform
import re
import subprocess
import sys

source = (pathlib.Path(__file__).parent / "programs.py").read_text()
names = [name for name in re.findall(r"^async def (\w+)\(\):", source[source.index("async def task_exception") :], re.M)]


def said(name, debug):
    environment = {**os.environ, "PYTHONASYNCIODEBUG": "1" if debug else ""}
    command = [sys.executable, "-", name]
    return subprocess.run(command, input=source, stderr=subprocess.PIPE, env=environment, text=True).stderr


version = platform.python_version()
said = {mode: {name: said(name, mode == "debug") for name in names} for mode in ("plain", "debug")}
print(json.dumps({"version": version, "command": "python3.11 record.py > recorded.json", "said": said}, indent=2))
