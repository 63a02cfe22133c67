"""Wrong small networks."""

from __future__ import annotations

from autograder.author import Mistake

_NORMAL = "np.sqrt(2 / fan_in) * rng.standard_normal(shape)"
_LOSS = "        loss += 0.5 * lam * float(np.sum(params[name] ** 2))\n"
_DECAY = "        gradients[name] = gradients[name] + lam * params[name]\n"
_WEIGHTS = '    for name in ("w1", "w2", "w3"):\n'


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="convnet", module="convnet", says=says, old=old, new=new)


WRONG = (
    _edit(
        "A20-weights-start-at-zero",
        "All weights start equal, so all units stay equal. Do two units ever differ?",
        _NORMAL,
        "0 * np.sqrt(2 / fan_in) * rng.standard_normal(shape)",
    ),
    _edit(
        "A20-weights-start-too-large",
        "Weights start with variance 1 whatever the layer; the docstring asks for 2 / fan_in.",
        _NORMAL,
        "rng.standard_normal(shape) + 0 * fan_in",
    ),
    _edit(
        "A20-variance-taken-for-deviation",
        "Weights are scaled by 2 / fan_in. That is the variance; scale by its square root.",
        _NORMAL,
        "2 / fan_in * rng.standard_normal(shape)",
    ),
    _edit(
        "A20-uniform-weights",
        "The weights are uniform. Their variance is right, their law is not: they should be normal.",
        _NORMAL,
        "np.sqrt(2 / fan_in) * rng.uniform(-np.sqrt(3), np.sqrt(3), size=shape)",
    ),
    _edit(
        "A20-fan-in-forgets-the-filter-size",
        "The fan-in of the convolution counts channels only. A unit reads channels × K × K numbers.",
        "    w1, w2, w3 = (\n",
        "    fan_ins = (channels, *fan_ins[1:])\n    w1, w2, w3 = (\n",
    ),
    _edit(
        "L9-random-numbers-of-its-own",
        "The weights ignore rng: two runs with the same seed differ.",
        _NORMAL,
        "np.sqrt(2 / fan_in) * np.random.default_rng().standard_normal(shape)",
    ),
    _edit(
        "K-padding-for-3x3-only",
        "The padding is 1 whatever the filter. (K − 1) / 2 keeps the size of the image.",
        'pad = (params["w1"].shape[2] - 1) // 2',
        "pad = 1",
    ),
    _edit(
        "K-first-relu-forgotten",
        "There is no relu between convolution and pooling.",
        "    maps, relu1 = relu_forward(maps)\n",
        "    _, relu1 = relu_forward(np.ones_like(maps))\n",
    ),
    _edit(
        "K-second-relu-forgotten",
        "There is no relu between the affine layers: without it two of them are one.",
        "    units, relu2 = relu_forward(units)\n",
        "    _, relu2 = relu_forward(np.ones_like(units))\n",
    ),
    _edit(
        "K-relu-after-the-scores",
        "The scores never go below 0: no relu follows the last layer.",
        "    return scores, (conv",
        "    scores = np.maximum(scores, 0)\n    return scores, (conv",
    ),
    _edit(
        "K-first-relu-forgotten-in-backward",
        "w1 and b1 receive gradient through units that relu had switched off.",
        "    dmaps = relu_backward(dmaps, relu1)\n",
        "",
    ),
    _edit(
        "K-second-relu-forgotten-in-backward",
        "w1, w2 and their biases receive gradient through hidden units that relu had switched off.",
        "    dunits = relu_backward(dunits, relu2)\n",
        "",
    ),
    _edit(
        "A2-averaged-twice",
        "The gradients are too small by the number of images: softmax_loss has divided already.",
        "    loss, dscores = softmax_loss(scores, y)\n",
        "    loss, dscores = softmax_loss(scores, y)\n    dscores = dscores / len(x)\n",
    ),
    _edit(
        "C1-half-forgotten-in-the-loss",
        "The penalty in the loss is twice what its gradient says: lam / 2 · Σ w² goes with lam · w.",
        _LOSS,
        _LOSS.replace("0.5 * ", ""),
    ),
    _edit(
        "C1-twice-the-penalty-gradient",
        "The gradient of the penalty is twice too large: lam / 2 · Σ w² goes with lam · w.",
        _DECAY,
        _DECAY.replace("+ lam", "+ 2 * lam"),
    ),
    _edit(
        "C2-biases-penalised",
        "Biases are penalised too. Only weights are.",
        _WEIGHTS,
        "    for name in params:\n",
    ),
    _edit(
        "C4-norm-in-place-of-its-square",
        "The penalty adds norms. It is the sum of squares.",
        _LOSS,
        "        loss += 0.5 * lam * float(np.linalg.norm(params[name]))\n",
    ),
    _edit(
        "C5-penalty-missing-from-the-gradients",
        "The penalty is in the loss and not in the gradients. Check with a large lam.",
        _DECAY,
        "",
    ),
    _edit(
        "C5-penalty-missing-from-the-loss",
        "The penalty is in the gradients and not in the loss.",
        _LOSS,
        "",
    ),
    _edit(
        "C5-penalty-divided-by-the-batch",
        "The penalty is divided by the number of images. It does not depend on the data.",
        _LOSS,
        _LOSS.replace("lam", "lam / len(x)"),
    ),
    _edit(
        "C5-one-weight-not-penalised",
        "w1 is left out of the penalty: filters are weights too.",
        _WEIGHTS,
        '    for name in ("w2", "w3"):\n',
    ),
    _edit(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    scores, (conv, relu1, pool, affine1, relu2, affine2) = convnet_forward(x, params)\n",
        "    scores, (conv, relu1, pool, affine1, relu2, affine2) = convnet_forward(\n"
        "        x.astype(np.float32), {name: value.astype(np.float32) for name, value in params.items()}\n"
        "    )\n",
    ),
    _edit(
        "L6-parameters-changed",
        "The call changes the parameters. A loss only looks; the update is another function's.",
        _DECAY,
        _DECAY + "        params[name] -= 1e-9 * gradients[name]\n",
    ),
)
