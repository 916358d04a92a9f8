"""The environment variables of a reader at a prompt, for commands that tests run as a reader would."""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import tempfile

#: What the test run itself, or whoever started it, may have left in the environment.
_NOT_THE_READERS = re.compile(r"SCIM_|PYTEST_|COV_|COVERAGE_|PYTHONPATH$|PYTHONDONTWRITEBYTECODE$|MAKE|MFLAGS$")


def reader_environment(**extra: str) -> dict[str, str]:
    """The environment without traces of the test run, plain output, and ``extra``.

    Where bytecode must not be written beside the sources it goes to a folder of this process: without any, most of a
    short run would be compilation.
    """
    kept = {name: value for name, value in os.environ.items() if not _NOT_THE_READERS.match(name)}
    if "PYTHONDONTWRITEBYTECODE" in os.environ:
        kept["PYTHONPYCACHEPREFIX"] = _bytecode()
    return {**kept, "NO_COLOR": "1", "COLUMNS": "120", **extra}


@functools.cache
def _bytecode() -> str:
    folder = tempfile.mkdtemp(prefix="bytecode-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
