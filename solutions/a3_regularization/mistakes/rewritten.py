"""Catalogued mistakes made in differently written code, to see whether the diagnosis still knows them."""

from __future__ import annotations

# (id of the mistake, right variant it is made in, old, new)
EDITS = (
    (
        "C1-half-missing",
        "penalties-norms",
        "0.5 * strength * np.linalg.norm(w) ** 2",
        "strength * np.vdot(w, w)",
    ),
    ("C1-slope-doubled", "penalties-norms", "np.multiply(strength, w)", "2 * np.multiply(strength, w)"),
    ("C4-root-of-the-squares", "penalties-norms", "np.linalg.norm(w) ** 2", "np.linalg.norm(w)"),
    ("C3-magnitudes-forgotten", "penalties-loops", "strength * abs(float(value))", "strength * float(value)"),
    ("C3-always-plus-one", "penalties-loops", "((w[place] > 0) - float(w[place] < 0))", "1.0"),
    ("C2-biases-penalized", "penalties-loops", "if len(w.shape) >= 2:", "if len(w.shape) >= 1:"),
    ("C5-missing-in-the-gradients", "penalties-loops", "result[name] += l1 * np.sign(w) + l2 * w", "pass"),
    ("C8-no-scale", "dropout-above-1-minus-p", "> 1 - p) / p", "> 1 - p) * 1.0"),
    (
        "C9-scaled-in-testing",
        "dropout-above-1-minus-p",
        "return x, np.ones(x.shape)",
        "return p * x, np.full(x.shape, p)",
    ),
    ("C14-upside-down", "augment-loops", "np.flip(x[n], axis=2)", "np.flip(x[n], axis=1)"),
    ("F3-variance-for-deviation", "augment-loops", "/ len(e)) ** 0.5 for", "/ len(e)) for"),
    (
        "C15-only-shifted",
        "augment-indices",
        "x - mean.reshape(1, -1, 1, 1), 1 / std)",
        "x - mean.reshape(1, -1, 1, 1), 0 * std + 1)",
    ),
    (
        "C16-stops-an-epoch-late",
        "stopping-counter",
        "self.waited >= self.patience",
        "self.waited > self.patience",
    ),
    ("C16-ties-count-as-better", "stopping-counter", "value > self.min_delta", "value >= self.min_delta"),
    (
        "C16-best-kept-by-reference",
        "stopping-counter",
        "{name: w.copy() for name, w in params.items()}",
        "params",
    ),
    (
        "C16-min-delta-ignored",
        "stopping-deadline",
        "value + self.min_delta < self.best_value",
        "value < self.best_value",
    ),
)
