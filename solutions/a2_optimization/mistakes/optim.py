"""Wrong optimizers."""

from __future__ import annotations

from autograder.author import Mistake

_SGD = "return w - lr * dw, state"
_V = "    v = mu * v - lr * dw\n"
_MOVE = "    return w + v, v\n"
_START = "    t, m, v = (0, np.zeros_like(w), np.zeros_like(w)) if state is None else state\n"
_T = "    t = t + 1\n"
_M = "    m = beta1 * m + (1 - beta1) * dw\n"
_SQUARES = "    v = beta2 * v + (1 - beta2) * dw**2\n"
_HATS = "    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)\n"
_STEP = "return w - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w), (t, m, v)"


def _sgd(name: str, says: str, new: str) -> Mistake:
    return Mistake(id=name, task="sgd", module="optim", says=says, old="    " + _SGD + "\n", new=new)


def _momentum(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="momentum", module="optim", says=says, old=old, new=new)


def _adam(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="adam", module="optim", says=says, old=old, new=new)


_SGD_WRONG = (
    _sgd(
        "B0-uphill",
        "The step goes up the hill. The gradient points to where the loss grows.",
        "    return w + lr * dw, state\n",
    ),
    _sgd(
        "B0-learning-rate-ignored",
        "The learning rate is not used: the step is as long as the gradient.",
        "    return w - dw, state\n",
    ),
    _sgd(
        "B0-divided-by-the-learning-rate",
        "The step is divided by the learning rate. A small rate should make small steps.",
        "    return w - dw / lr, state\n",
    ),
    _sgd(
        "B0-divided-by-the-rows",
        "The gradient is divided by the number of rows of w. The mean over the batch is the affair of the "
        "loss, and is in dw already.",
        "    return w - lr * dw / (len(w) if w.ndim else 2), state\n",
    ),
    _sgd(
        "B0-direction-alone",
        "The gradient is shortened to length 1. Near the bottom of a valley steps should become small.",
        "    return w - lr * dw / (np.linalg.norm(dw) + 1e-12), state\n",
    ),
    _sgd(
        "B0-sign-alone",
        "Only the sign of the gradient counts here. Its size says how steep the way is.",
        "    return w - lr * np.sign(dw), state\n",
    ),
    _sgd(
        "B0-clipped",
        "The gradient is clipped to ±1. Nobody asked for that here.",
        "    return w - lr * np.clip(dw, -1, 1), state\n",
    ),
    _sgd(
        "B0-step-for-weights",
        "What is returned is the step, not where it leads.",
        "    return -lr * dw, state\n",
    ),
    _sgd(
        "B0-rate-times-weights",
        "The learning rate scales the weights instead of the gradient.",
        "    return (1 - lr) * w - lr * dw, state\n",
    ),
    _sgd(
        "B0-momentum-added",
        "Gradients of earlier steps are still at work. Plain descent has no memory.",
        "    v = dw if state is None else 0.9 * state + dw\n    return w - lr * v, v\n",
    ),
    _sgd(
        "B12-weights-moved-in-place",
        "w itself was changed. Return next_w and leave w alone: the caller may still need it.",
        "    w -= lr * dw\n    return w, state\n",
    ),
    _sgd(
        "L7-computed-in-float32",
        "In float32 half of the digits are lost. What comes in float64 is computed in float64.",
        "    return np.subtract(w, lr * dw, dtype=np.float32, casting='same_kind'), state\n",
    ),
)

_MOMENTUM_WRONG = (
    _momentum(
        "B8-velocity-not-kept",
        "The velocity is not returned as state, so every step is a first step. What will the next call read?",
        _MOVE,
        "    return w + v, None\n",
    ),
    _momentum(
        "B9-velocity-subtracted",
        "v = mu·v − lr·dw has its sign already; subtracting it from w goes uphill.",
        _MOVE,
        "    return w - v, v\n",
    ),
    _momentum(
        "B9-rate-outside-the-velocity",
        "The learning rate stands outside the velocity. That is another convention: it differs when the rate "
        "changes. Here lr·dw goes into v.",
        _V + _MOVE,
        "    v = mu * v + dw\n    return w - lr * v, v\n",
    ),
    _momentum(
        "B10-gradient-dampened",
        "The gradient is multiplied by 1 − mu as in a mean. Here it goes in whole.",
        _V,
        "    v = mu * v - lr * (1 - mu) * dw\n",
    ),
    _momentum(
        "B9-mu-and-rate-exchanged",
        "mu and lr are exchanged: mu is the share of the velocity that is kept.",
        _V,
        "    v = lr * v - mu * dw\n",
    ),
    _momentum(
        "B9-nesterov",
        "This looks ahead along the velocity (Nesterov). The contract asks for plain momentum: w + v.",
        _MOVE,
        "    return w + mu * v - lr * dw, v\n",
    ),
    _momentum(
        "B9-moves-by-the-old-velocity",
        "w moves by the velocity of the step before: the first step does nothing.",
        _V + _MOVE,
        "    new = mu * v - lr * dw\n    return w + v, new\n",
    ),
    _momentum(
        "B9-gradient-counted-twice",
        "The gradient is subtracted from w once more, beside the velocity that contains it.",
        _MOVE,
        "    return w + v - lr * dw, v\n",
    ),
    _momentum(
        "B9-no-friction",
        "The velocity is kept whole; mu is not used.",
        _V,
        "    v = v - lr * dw\n",
    ),
    _momentum(
        "B11-last-row-of-the-velocity",
        "Only the last row of the velocity is used. Velocity is an array like w, not a history.",
        _V,
        "    v = mu * (v[-1] if np.ndim(v) else v) - lr * dw\n",
    ),
    _momentum(
        "B13-one-velocity-for-all",
        "All parameters of one shape share a velocity that is kept in the function. Keep it in the state.",
        "    v = np.zeros_like(w) if state is None else state\n",
        "    kept = momentum_step.__dict__.setdefault(str(np.shape(w)), [np.zeros_like(w)])\n"
        "    v = kept[0]\n    kept[0] = mu * v - lr * dw\n",
    ),
    _momentum(
        "B12-velocity-moved-in-place",
        "The state was changed in place: going on from it a second time leads elsewhere.",
        _V,
        "    v *= mu\n    v -= lr * dw\n",
    ),
    _momentum(
        "B12-weights-moved-in-place",
        "w itself was changed. Return next_w and leave w alone.",
        _MOVE,
        "    w += v\n    return w, v\n",
    ),
    _momentum(
        "L7-velocity-in-float32",
        "The velocity is kept in float32 and loses half of its digits. Float64 is computed in float64.",
        _V,
        "    v = np.asarray(mu * v - lr * dw, dtype=np.float32)\n",
    ),
)

_ADAM_WRONG = (
    _adam(
        "B1-no-bias-correction",
        "m and v are used as they are. They begin at 0: divide by 1 − beta^t, or the first steps have the "
        "wrong size. The very first must be lr long.",
        _HATS,
        "    m_hat, v_hat = m, v\n",
    ),
    _adam(
        "B1-only-the-mean-corrected",
        "v is not corrected for its beginning at 0, only m is.",
        _HATS,
        "    m_hat, v_hat = m / (1 - beta1**t), v\n",
    ),
    _adam(
        "B1-only-the-squares-corrected",
        "m is not corrected for its beginning at 0, only v is.",
        _HATS,
        "    m_hat, v_hat = m, v / (1 - beta2**t)\n",
    ),
    _adam(
        "B2-time-stands-still",
        "Every step is corrected like the first: t is not handed on with the state, or the correction "
        "is 1 − beta without its power t.",
        "(t, m, v)\n",
        "(0, m, v)\n",
    ),
    _adam(
        "B3-time-begins-at-two",
        "The very first step sees t = 2. Print t: it must be 1.",
        _START,
        _START.replace("(0, np", "(1, np"),
    ),
    _adam(
        "B3-time-begins-at-zero",
        "The very first step sees t = 0: 1 − beta⁰ is 0, and 0 / 0 is NaN.",
        _HATS,
        "    with np.errstate(all='ignore'):\n"
        "        m_hat, v_hat = m / np.float64(1 - beta1 ** (t - 1)), v / np.float64(1 - beta2 ** (t - 1))\n",
    ),
    _adam(
        "B4-power-of-the-difference",
        "The correction is 1 − (1 − beta)^t. It is 1 − beta^t.",
        _HATS,
        "    m_hat, v_hat = m / (1 - (1 - beta1) ** t), v / (1 - (1 - beta2) ** t)\n",
    ),
    _adam(
        "B5-corrected-means-kept",
        "The corrected means go into the state. Correct a copy; what is carried on stays raw.",
        "(t, m, v)\n",
        "(t, m_hat, v_hat)\n",
    ),
    _adam(
        "B6-eps-inside-the-root",
        "eps stands inside the root. Where gradients are small that makes steps far too short.",
        "(np.sqrt(v_hat) + eps)",
        "np.sqrt(v_hat + eps)",
    ),
    _adam(
        "B6-no-eps",
        "eps is left out: a weight without a gradient becomes NaN.",
        "(np.sqrt(v_hat) + eps)",
        "np.sqrt(v_hat)",
    ),
    _adam(
        "B6-eps-beside-the-uncorrected-root",
        "Both corrections are folded into the learning rate, and eps is added to the root of the raw v. It "
        "belongs to the root of the corrected one, so early steps are too short where gradients are small.",
        _STEP,
        "alpha = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)\n"
        "    return w - alpha * m / (np.sqrt(v) + eps) - lr * weight_decay * w, (t, m, v)",
    ),
    _adam(
        "L7-moments-in-float32",
        "The means are kept in float32 and lose half of their digits. Float64 is computed in float64.",
        _T,
        f"{_T}    m, v, dw = (np.asarray(each, dtype=np.float32) for each in (m, v, dw))\n",
    ),
    _adam(
        "B7-no-root",
        "The mean gradient is divided by the mean square itself. Take its root: g / sqrt(g²) has no unit.",
        "np.sqrt(v_hat)",
        "v_hat",
    ),
    _adam(
        "B14-magnitude-for-square",
        "v averages |dw|. It is the mean of the squares.",
        "dw**2",
        "np.abs(dw)",
    ),
    _adam(
        "B14-square-of-the-mean",
        "v averages m² instead of dw².",
        _SQUARES,
        "    v = beta2 * v + (1 - beta2) * m**2\n",
    ),
    _adam(
        "B14-betas-exchanged",
        "beta1 and beta2 are exchanged.",
        _T,
        "    t = t + 1\n    beta1, beta2 = beta2, beta1\n",
    ),
    _adam(
        "B14-gradient-whole",
        "dw goes into m whole; the factor 1 − beta1 is missing.",
        _M,
        "    m = beta1 * m + dw\n",
    ),
    _adam(
        "B14-gradient-instead-of-its-mean",
        "The step uses dw itself instead of the mean m.",
        _HATS,
        "    m_hat, v_hat = dw, v / (1 - beta2**t)\n",
    ),
    _adam(
        "B17-decay-through-the-gradient",
        "Weight decay is added to the gradient, so it is divided by its own size. Here it pulls at the "
        "weights themselves (AdamW).",
        _T,
        "    t = t + 1\n    dw, weight_decay = dw + weight_decay * w, 0.0\n",
    ),
    _adam(
        "B17-decay-without-the-rate",
        "Weight decay is not multiplied by the learning rate.",
        _STEP,
        "return w - lr * m_hat / (np.sqrt(v_hat) + eps) - weight_decay * w, (t, m, v)",
    ),
    _adam(
        "B17-no-decay",
        "weight_decay is not used.",
        " + weight_decay * w)",
        ")",
    ),
    _adam(
        "B13-one-clock-for-all",
        "All parameters share one t, so each counts the steps of the others. Keep it in the state.",
        _T,
        "    clock = adam_step.__dict__.setdefault(str(np.shape(w)), [0])\n"
        "    clock[0] = 1 if state is None and clock[0] > 7 else clock[0] + 1\n    t = clock[0]\n",
    ),
    _adam(
        "B12-means-moved-in-place",
        "The state was changed in place: going on from it a second time leads elsewhere.",
        _M,
        "    m *= beta1\n    m += (1 - beta1) * dw\n",
    ),
)
WRONG = (*_SGD_WRONG, *_MOMENTUM_WRONG, *_ADAM_WRONG)
