"""Run a command whose notebooks get warm kernels, with these modules imported in them.

    python -m swis.kernels pandas seaborn -- papermill --engine swis-warm in.ipynb out.ipynb
    python -m swis.kernels pandas -- pytest --nbval --nbval-kernel-name swis-warm notebooks
    python -m swis.kernels pandas -- jupyter lab

What a kernel itself is made of is imported in any case. The template ends with the command, whose exit code is given.
"""

from __future__ import annotations

import os
import subprocess
import sys

from swis.kernels.owner import THREADS, template_process

KERNEL = ("ipykernel.kernelapp", "ipykernel.debugger", "ipykernel_launcher", "IPython.core.debugger")


def main(words: list[str]) -> int:
    """Run the command behind the two dashes; 2 where there is none."""
    if "--" not in words or words[-1] == "--":
        print(__doc__)
        return 2
    place = words.index("--")
    plain = {**os.environ, **THREADS}
    with template_process([*KERNEL, *words[:place]], plain) as found:
        return subprocess.run(words[place + 1 :], env={**plain, **found}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
