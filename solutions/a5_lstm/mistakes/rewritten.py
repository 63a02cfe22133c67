"""Catalogued mistakes made in differently written code, to see whether the diagnosis still knows them."""

from __future__ import annotations

# (id of the mistake, right variant it is made in, old, new)
EDITS = (
    (
        "G2-slope-of-tanh-forgotten",
        "rnn-einsum",
        'dnext_h - dnext_h * cache["h"] * cache["h"]',
        "dnext_h + 0",
    ),
    ("G6-hidden-weights-not-transposed", "rnn-einsum", '"nh,kh->nk"', '"nh,hk->nk"'),
    ("G3-carry-dropped", "rnn-without-steps", "(dh[:, t] + carry)", "(dh[:, t])"),
    ("G1-bias-forgotten", "rnn-einsum", " + b[None])", ")"),
    (
        "G7-repeated-tokens-lose",
        "embedding-loops",
        "dW[x[n, t]] += dout[n, t]",
        "dW[x[n, t]] = dout[n, t]",
    ),
    (
        "G7-only-the-first-sequence",
        "embedding-loops",
        "for n in range(x.shape[0]):\n        for t in range(x.shape[1]):\n            dW",
        "for n in range(1):\n        for t in range(x.shape[1]):\n            dW",
    ),
    (
        "H3-sigmoid-for-the-candidate",
        "lstm-step-plain-sigmoid",
        "g = np.tanh(a[:, 3 * H :])",
        "g = 1 / (1 + np.exp(-np.clip(a[:, 3 * H :], -700, 700)))",
    ),
    ("H4-cell-without-tanh", "lstm-step-plain-sigmoid", "return np.tanh(c) * o, c,", "return c * o, c,"),
    ("H4-kept-whole", "lstm-step-blocks", "gates[:, 1] * prev_c + gates", "prev_c + gates"),
    (
        "H6-gradient-of-the-cell-ignored",
        "lstm-step-plain-sigmoid",
        "total = dnext_c.copy()",
        "total = np.zeros_like(dnext_c)",
    ),
    (
        "H7-slope-of-the-output-gate-forgotten",
        "lstm-step-plain-sigmoid",
        "dnext_h * tanh_c * (o - o**2)",
        "dnext_h * tanh_c",
    ),
    (
        "H10-gradient-of-the-cell-not-carried",
        "lstm-arrays",
        "back_h + dh[:, t, :], back_c, cache[t]",
        "back_h + dh[:, t, :], 0 * back_c, cache[t]",
    ),
    ("G5-hidden-state-never-moves", "lstm-arrays", "before = h[:, t, :].copy()", "before = h0"),
    (
        "G11-targets-not-shifted",
        "language-loops",
        "tokens[start + 1 : start + length + 1]",
        "tokens[start : start + length]",
    ),
    (
        "G10-mean-over-all-steps",
        "language-loops",
        "count = sum(int(value) for value in mask.ravel())",
        "count = N * T",
    ),
    ("G13-short-ones-stretched", "language-loops", "if norm <= limit:", "if norm == 0:"),
    (
        "G13-clipped-array-by-array",
        "language-loops",
        "{name: limit * dw / norm for name, dw in gradients.items()}",
        "{n: dw * min(1, limit / np.sqrt((dw**2).sum())) for n, dw in gradients.items()}",
    ),
    (
        "G14-one-token-too-few",
        "sampling-cumulative",
        "while len(tokens) <= length:",
        "while len(tokens) < length:",
    ),
    ("G14-reads-the-first-for-ever", "sampling-cumulative", "step(tokens[-1], state)", "step(first, state)"),
)
