"""Catalogued mistakes made in differently written code, to see whether the diagnosis still knows them."""

from __future__ import annotations

# (id of the mistake, right variant it is made in, old, new)
EDITS = (
    (
        "K4-gradient-of-the-largest-score",
        "saliency-layer-by-layer",
        "dscores[np.arange(len(x)), y] = 1.0",
        "scores = np.maximum(hidden, 0) @ params['W2'] + params['b2']\n"
        "    dscores[np.arange(len(x)), scores.argmax(axis=1)] = 1.0",
    ),
    (
        "K4-gradient-of-all-scores",
        "saliency-layer-by-layer",
        "dscores[np.arange(len(x)), y] = 1.0",
        "dscores[:] = 1.0",
    ),
    ("K4-activation-ignored", "saliency-layer-by-layer", "dhidden[hidden <= 0] = 0.0", "pass"),
    ("K5-left-ends", "integrated-list-of-gradients", "(2 * k + 1) / (2 * steps)", "k / steps"),
    ("K5-right-ends", "integrated-list-of-gradients", "(2 * k + 1) / (2 * steps)", "(k + 1) / steps"),
    (
        "K5-sum-for-the-mean",
        "integrated-list-of-gradients",
        "np.mean(found, axis=0)",
        "np.sum(found, axis=0)",
    ),
    (
        "K5-difference-forgotten",
        "integrated-list-of-gradients",
        "np.mean(found, axis=0) * (x - baseline)",
        "np.mean(found, axis=0)",
    ),
    (
        "K6-value-after-the-end",
        "q-blend-of-old-and-target",
        "if not done:\n        target",
        "if True:\n        target",
    ),
    (
        "K6-discount-forgotten",
        "q-blend-of-old-and-target",
        "gamma * max(q[next_state])",
        "max(q[next_state])",
    ),
    (
        "K6-old-value-not-subtracted",
        "q-blend-of-old-and-target",
        "(1 - lr) * q[state][action]",
        "q[state][action]",
    ),
    ("K6-gradient-climbs", "policy-loops", "dtheta[s, b] -= advantage", "dtheta[s, b] += advantage"),
    ("K6-returns-not-discounted", "policy-loops", "gamma ** (k - t) * rewards[k]", "rewards[k]"),
    ("K6-discounted-from-the-first-step", "policy-loops", "gamma ** (k - t)", "gamma**k"),
    (
        "K6-summed-over-the-steps",
        "policy-one-hot",
        "return -np.mean(advantages * taken), dtheta / len(states)",
        "return -np.sum(advantages * taken), dtheta",
    ),
)
