"""What every program prints on the Python that runs this, in ten runs of each: `python3.13 record.py > recorded-3.13.json`.

recorded.json, for the modelled version, is made by `orrery verify --native --record`; this makes those of later ones.
"""

import json
import pathlib
import platform
import re
import subprocess
import sys

folder = pathlib.Path(__file__).parent
names = json.loads((folder / "recorded.json").read_text())["outputs"]
files = {
    name: file.name
    for file in folder.glob("*.py")
    for name in re.findall(r"^(?:async )?def (\w+)\(\):", file.read_text(), re.MULTILINE)
}


def printed(name):
    process = subprocess.run(
        [sys.executable, files[name], name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    how = "" if process.returncode == 0 else f"[exit {process.returncode}]"
    return "\n".join(part for part in (process.stdout.rstrip(), how) if part)


outputs = {name: sorted({printed(name) for _ in range(10)}) for name in names}
version = platform.python_version()
minor = ".".join(version.split(".")[:2])
command = f"python{minor} record.py > recorded-{minor}.json"
print(json.dumps({"version": version, "command": command, "outputs": outputs}, indent=2))
