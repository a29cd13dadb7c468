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


def said(debug):
    environment = {**os.environ, "PYTHONASYNCIODEBUG": "1" if debug else ""}
    command = [sys.executable, "-", *names]
    return subprocess.run(command, input=source, stderr=subprocess.PIPE, env=environment, text=True).stderr


version = platform.python_version()
said = {"plain": said(False), "debug": said(True)}
print(json.dumps({"version": version, "command": "python3.11 record.py > recorded.json", "said": said}, indent=2))
