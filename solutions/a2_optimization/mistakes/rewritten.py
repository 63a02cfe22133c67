"""Catalogued mistakes made in differently written code, to see whether the diagnosis still knows them."""

from __future__ import annotations

# (id of the mistake, right variant it is made in, old, new)
EDITS = (
    ("B0-uphill", "sgd-loop", "w[place] - lr", "w[place] + lr"),
    ("B0-learning-rate-ignored", "sgd-copy-and-count", "next_w -= lr * dw", "next_w -= dw"),
    (
        "B0-sign-alone",
        "sgd-loop",
        "lr * dw[place]",
        "lr * (1 if dw[place] > 0 else -1 if dw[place] < 0 else 0)",
    ),
    (
        "B9-velocity-subtracted",
        "momentum-dict",
        'return state["velocity"] + w,',
        'return w - state["velocity"],',
    ),
    ("B10-gradient-dampened", "momentum-positive-push", "push = lr * dw", "push = lr * dw * (1 - mu)"),
    ("B9-no-friction", "momentum-positive-push", "push = push + mu * state[0]", "push = push + state[0]"),
    ("B8-velocity-not-kept", "momentum-dict", "state = dict(state or {})", "state = {}"),
    ("B1-no-bias-correction", "adam-alpha-form", "alpha = lr * root / (1 - beta1**t)", "alpha = lr"),
    ("B1-only-the-mean-corrected", "adam-alpha-form", "root = np.sqrt(1 - beta2**t)", "root = 1.0"),
    ("B2-time-stands-still", "adam-running-powers", "left1 * beta1, left2 * beta2", "beta1, beta2"),
    ("B7-no-root", "adam-loop", "(v_hat**0.5 + eps)", "(v_hat + eps)"),
    ("B6-eps-inside-the-root", "adam-loop", "(v_hat**0.5 + eps)", "(v_hat + eps) ** 0.5"),
    ("B14-magnitude-for-square", "adam-loop", "float(dw[place]) ** 2", "abs(float(dw[place]))"),
    ("B17-no-decay", "adam-running-powers", "(1 - lr * weight_decay) * w", "w"),
    (
        "B17-decay-without-the-rate",
        "adam-alpha-form",
        "next_w - lr * weight_decay * w",
        "next_w - weight_decay * w",
    ),
    ("B14-gradient-instead-of-its-mean", "adam-running-powers", "(m / (1 - left1))", "dw"),
    ("B18-falls-only-once", "schedules-loop-and-squares", "t + 1, every)", "min(t, every) + 1, every)"),
    ("B18-no-warm-up", "schedules-loop-and-squares", "(t + 1) * lr / warmup", "lr"),
    ("B18-climb-begins-at-zero", "schedules-table", "range(1, warmup + 1)", "range(warmup)"),
    ("B3-time-begins-at-one", "train-averages", "count = 0", "count = 1"),
    ("B15-losses-summed", "train-generator", "* xb.shape[0] / x.shape[0]", "* xb.shape[0]"),
    ("B8-state-not-kept", "train-running-mean", "state = states.get(name)", "state = None"),
)
