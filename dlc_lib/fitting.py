"""A training loop that moves its parameters in place and stops early."""

from __future__ import annotations

from collections.abc import Callable

from .arrays import Array
from .stopping import EarlyStopping


def fit(
    params: dict[str, Array],
    gradients: Callable[[dict[str, Array]], dict[str, Array]],
    validate: Callable[[dict[str, Array]], float],
    stopper: EarlyStopping,
    *,
    lr: float,
    epochs: int,
) -> list[float]:
    """Gradient descent until the stopper says stop.

    The arrays in params are changed in place, as most libraries do it.

    Args:
        params: arrays by name.
        gradients: gradients(params) of the training loss, by name.
        validate: validate(params) is the loss on validation data.
        stopper: told after each epoch.
        lr: learning rate.
        epochs: at most so many.

    Returns:
        values: loss on validation data after each epoch.
    """
    values: list[float] = []
    for _ in range(epochs):
        for name, dw in gradients(params).items():
            params[name] -= lr * dw
        values.append(validate(params))
        if stopper.update(values[-1], params):
            break
    return values
