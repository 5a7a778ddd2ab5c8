"""The unit files that a page of documentation shows, looked at by systemd-analyze(1). Arguments: the
page, the program that they are to start, and a folder.
"""

import pathlib
import re
import subprocess
import sys

from checks import TIMEOUT, attempt, check

PAGE, PROGRAM, FOLDER = sys.argv[1:4]
BLOCK = re.compile(r"^```ini\n# (/etc/systemd/system/(\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def verify():
    """Writes the units down, as the page has them, and has them verified."""
    blocks = BLOCK.findall(pathlib.Path(PAGE).read_text())
    names = [name for _, name, _ in blocks]
    check("units: which there are", ["user-management.socket", "user-management.service"], names)
    for _, name, text in blocks:
        installed = text.replace("/usr/local/bin/user-management", PROGRAM)
        pathlib.Path(FOLDER, name).write_text(installed)
    for name in names:
        run = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", f"{FOLDER}/{name}"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        ours = [line for line in run.stdout.splitlines() if "user-management" in line]
        check(f"units: {name}", (0, []), (run.returncode, ours))


attempt("units", verify)
