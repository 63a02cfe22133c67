"""The child that reads strangers' text: one question on standard input, one answer on standard output."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from ..model import Forbidden, Task
from .parsing import parse_here
from .search import Question, charges


def main() -> None:
    """Answer within limits: running out of memory is an answer, running out of time ends the process."""
    request = json.load(sys.stdin)
    # Not the hard limit, which would end the process by a signal that others can send as well.
    resource.setrlimit(resource.RLIMIT_CPU, (request["cpu_s"], resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_AS, (request["memory_mb"] << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"found": _answered(request)}
    except MemoryError:
        answer = {"memory": True}
    sys.stdout.write(json.dumps(answer))


def _answered(request: dict[str, Any]) -> Any:
    if "fault" in request:
        try:
            parse_here(request["fault"])
        except SyntaxError as error:
            return {"message": error.msg, "line": error.lineno}
        return None
    asked = request["charges"]
    tasks = tuple(Task(**{**task, "source": tuple(task["source"])}) for task in asked["tasks"])
    forbidden = tuple(Forbidden(**entry) for entry in asked["forbidden"])
    return charges(Question(tasks, forbidden, asked["modules"], asked["script"], asked["supplied"]))


if __name__ == "__main__":
    main()
