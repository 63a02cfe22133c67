"""Wrong batch normalizations."""

from __future__ import annotations

from autograder.author import Mistake

_STATISTICS = "mean, var = x.mean(axis=0), x.var(axis=0)"
_TRAIN = "    if train:\n"
_OUT = "    return gamma * x_hat + beta, (x_hat, gamma, deviation), next_state"
_DX = "dx = gamma / deviation * (dout - dbeta / N - x_hat * dgamma / N)"
_RUNNING_MEAN = 'momentum * state["running_mean"] + (1 - momentum) * mean'
_RUNNING_VAR = 'momentum * state["running_var"] + (1 - momentum) * var'


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="batchnorm", module="norm", says=says, old=old, new=new)


WRONG = (
    _edit(
        "F1-eps-outside-the-root",
        "Only features of tiny variance are wrong: eps stands inside the square root, sqrt(var + eps).",
        "np.sqrt(var + eps)",
        "np.sqrt(var) + eps",
    ),
    _edit(
        "F1-eps-forgotten",
        "A feature that never varies gives NaN, and tiny variances are wrong: eps is missing.",
        "np.sqrt(var + eps)",
        "np.sqrt(var)",
    ),
    _edit(
        "F2-unbiased-variance",
        "The output is off by sqrt((N − 1) / N): batch normalization divides the variance by N.",
        _STATISTICS,
        "mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)",
    ),
    _edit(
        "F2-running-variance-unbiased",
        "The running variance averages the unbiased variance, as torch does. The docstring asks for the "
        "one divided by N.",
        _RUNNING_VAR,
        'momentum * state["running_var"] + (1 - momentum) * x.var(axis=0, ddof=1)',
    ),
    _edit(
        "F3-deviation-stored-as-variance",
        "running_var holds standard deviations. It averages variances.",
        _RUNNING_VAR,
        'momentum * state["running_var"] + (1 - momentum) * np.sqrt(var)',
    ),
    _edit(
        "F3-divided-by-the-variance",
        "x_hat is divided by the variance. Divide by its square root, so that units cancel.",
        "np.sqrt(var + eps)",
        "var + eps",
    ),
    _edit(
        "F4-testing-forgets-gamma-and-beta",
        "The test output is not scaled and shifted. Testing changes only where mean and var come from.",
        _OUT,
        "    if not train:\n        return x_hat, (x_hat, gamma, deviation), next_state\n" + _OUT,
    ),
    _edit(
        "F5-batch-statistics-in-testing",
        "In testing the output depends on the other examples of the batch; a batch of one becomes beta. "
        "Use the running averages.",
        "    deviation = np.sqrt(var + eps)",
        "    mean, var = x.mean(axis=0), x.var(axis=0)\n    deviation = np.sqrt(var + eps)",
    ),
    _edit(
        "F6-momentum-exchanged",
        "The running mean keeps 1 − momentum of the old value, as in torch. Here momentum is the share "
        "that is kept.",
        _RUNNING_MEAN,
        '(1 - momentum) * state["running_mean"] + momentum * mean',
    ),
    _edit(
        "F7-running-averages-not-returned",
        "next_state is the old state. What will the next call read?",
        "            " + f'"running_mean": {_RUNNING_MEAN},\n            "running_var": {_RUNNING_VAR},\n',
        "            **state,\n",
    ),
    _edit(
        "F8-running-averages-in-training",
        "In training x is normalized by the running averages. The batch's own mean and variance are asked.",
        "    deviation = np.sqrt(var + eps)",
        '    mean, var = next_state["running_mean"], next_state["running_var"]\n'
        "    deviation = np.sqrt(var + eps)",
    ),
    _edit(
        "F8-averages-move-in-testing",
        "The running averages also move in testing.",
        _TRAIN,
        "    if not train:\n"
        "        next_state = {\n"
        "            name: momentum * state[name] + (1 - momentum) * each.mean(axis=0)\n"
        '            for name, each in (("running_mean", x), ("running_var", (x - x.mean(axis=0)) ** 2))\n'
        "        }\n" + _TRAIN,
    ),
    _edit(
        "F9-statistics-as-constants",
        "dx does not add up to 0 over the batch: mean and var are treated as constants, but every x moves "
        "them.",
        _DX,
        "dx = gamma / deviation * dout",
    ),
    _edit(
        "F9-variance-as-a-constant",
        "dx is not orthogonal to x_hat: the path through var is missing.",
        _DX,
        "dx = gamma / deviation * (dout - dbeta / N)",
    ),
    _edit(
        "F9-mean-as-a-constant",
        "dx does not add up to 0 over the batch: the path through mean is missing.",
        _DX,
        "dx = gamma / deviation * (dout - x_hat * dgamma / N)",
    ),
    _edit(
        "F10-sign-of-the-mean-term",
        "The path through mean has the wrong sign: raising the mean lowers every x_hat.",
        _DX,
        "dx = gamma / deviation * (dout + dbeta / N - x_hat * dgamma / N)",
    ),
    _edit(
        "F9-gamma-forgotten-in-dx",
        "dx lacks the factor gamma; gamma = 1 hides it.",
        _DX,
        "dx = (dout - dbeta / N - x_hat * dgamma / N) / deviation",
    ),
    _edit(
        "F9-dgamma-without-normalizing",
        "dgamma multiplies dout by something else than x_hat: gamma scaled x_hat, so x_hat is its slope.",
        "dgamma = (dout * x_hat).sum(axis=0)",
        "dgamma = (dout * x_hat * deviation).sum(axis=0)",
    ),
    _edit(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    deviation = np.sqrt(var + eps)",
        "    x, mean, var = (each.astype(np.float32) for each in (x, mean, var))\n"
        "    deviation = np.sqrt(var + np.float32(eps))",
    ),
    _edit(
        "A1-dbeta-averaged",
        "dbeta is a mean. beta was added to every example, so its gradient is the sum.",
        "return dx, dgamma, dbeta\n\n\ndef spatial_batchnorm_forward",
        "return dx, dgamma, dbeta / N\n\n\ndef spatial_batchnorm_forward",
    ),
    _edit(
        "L6-x-centred-in-place",
        "The forward pass changes x. Your caller still owns it: write x − mean, not x −= mean.",
        "x_hat = (x - mean) / deviation",
        "x -= mean\n    x_hat = x / deviation",
    ),
    _edit(
        "L6-state-changed-in-place",
        "The call changes the state it was given. Return the new averages and leave the old ones.",
        "    deviation = np.sqrt(var + eps)",
        "    state.update(next_state)\n    deviation = np.sqrt(var + eps)",
    ),
)
