"""Which torch operations a call ran: seen below Python, so that no alias and no import hides one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any


def traced(
    function: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]
) -> tuple[Any, tuple[str, ...]]:
    """The function's result, and the names of the operations that ran, such as "aten::mm".

    Those of a backward pass begin with "autograd::". Two witnesses work in different ways: a dispatch mode
    sees each operation as it is dispatched; the profiler's hooks lie in the operators themselves and do
    not ask the dispatcher. Each sees what an attempt to leave the other would hide.
    """
    from torch.autograd.profiler_legacy import profile  # the newer one starts a thread
    from torch.utils._python_dispatch import TorchDispatchMode

    names: set[str] = set()

    class Witness(TorchDispatchMode):
        def __torch_dispatch__(
            self, operation: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
        ) -> Any:
            names.add(operation.name().partition(".")[0])
            return operation(*args, **(kwargs or {}))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        profiler = profile()
    witness: Any = Witness  # its constructor carries no types
    with profiler, witness():
        value = function(*args, **options)
    names.update(event.name for event in profiler.function_events or () if "::" in event.name)
    return value, tuple(sorted(names))
