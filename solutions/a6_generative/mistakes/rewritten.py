"""Catalogued mistakes made in differently written code, to see whether the diagnosis still knows them."""

from __future__ import annotations

# (id of the mistake, right variant it is made in, old, new)
EDITS = (
    (
        "I3-encoder-forgotten",
        "autoencoder-loops",
        "dW += 2 * np.outer(example, difference.dot(W)) / N",
        "pass",
    ),
    ("I3-decoder-forgotten", "autoencoder-einsum", "(decoder + encoder)", "encoder"),
    ("I2-factor-two-forgotten", "autoencoder-einsum", "2 / N * (decoder", "1 / N * (decoder"),
    ("I4-target-ignored", "autoencoder-loops", "W.dot(code) - wanted", "W.dot(code) - example"),
    ("I8-least-directions", "pca-eigenvectors", "np.argsort(values)[::-1][:k]", "np.argsort(values)[:k]"),
    ("I8-largest-for-the-rest", "pca-other-way", "if i >= k]", "if i < k]"),
    ("I2-not-divided-by-the-examples", "pca-other-way", "sum(lost) / x.shape[0]", "sum(lost)"),
    (
        "J5-summed",
        "gan-losses-by-cases",
        "_softplus(-logits_real).sum() / N + _softplus(logits_fake).sum() / M",
        "_softplus(-logits_real).sum() + _softplus(logits_fake).sum()",
    ),
    (
        "J3-sign-of-minimax",
        "gan-losses-by-cases",
        "return -_softplus(logits_fake).mean()",
        "return _softplus(logits_fake).mean()",
    ),
    ("J12-half-forgotten-by-the-generator", "least-squares-loops", "sum(0.5 * (1 - s)", "sum((1 - s)"),
    ("J12-magnitude-for-square", "least-squares-loops", "0.5 * (1 - s) ** 2", "0.5 * abs(1 - s)"),
    ("J9-generator-does-not-move", "step-with-labels", "g_optimizer.step()", "pass"),
    (
        "J6-loss-halved",
        "step-with-labels",
        "torch.zeros_like(on_fake))",
        "torch.zeros_like(on_fake))\n    d_loss = d_loss / 2",
    ),
    (
        "J9-two-steps-of-the-discriminator",
        "step-gradients-by-hand",
        "d_optimizer.step()",
        "d_optimizer.step(); d_optimizer.step()",
    ),
)
