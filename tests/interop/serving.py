"""Runs in another grader's environment: executes a text once, then each command in a fork of itself.

Not imported by tests; see `warm.py`.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import sys
from importlib.metadata import entry_points


def asked():
    """The next command, in a process for it alone. The process that forks never gets past this."""
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            return json.loads(line)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    raise SystemExit


def redirect(*paths):
    """Standard input, output and errors, which were the requests' and answers' until now."""
    for descriptor, path in enumerate(paths):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        os.dup2(handle, descriptor)
        os.close(handle)


def execute(command, *words):
    """As a shell would: `python -c TEXT …`, `python -m NAME …`, or a command that a package installed."""
    if command != "python":
        sys.argv = [command, *words]
        (found,) = entry_points(group="console_scripts", name=command)
        sys.exit(found.load()())
    option, what, *rest = words
    sys.path.insert(0, "")
    sys.argv = [option, *rest]
    if option == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})


sys.path.pop(0)  # the folder of this file
exec(sys.argv[1], {})
gc.freeze()  # so that no collection in a fork copies what was imported
request = asked()
redirect(os.devnull, request["out"], request["err"])
os.chdir(request["folder"])
execute(*request["words"])
