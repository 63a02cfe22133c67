"""Wrong losses of generative adversarial nets, and wrong steps."""

from __future__ import annotations

from autograder.author import Mistake

_D_LOSS = "    loss = np.logaddexp(0, -logits_real).mean() + np.logaddexp(0, logits_fake).mean()\n"
_D_REAL = "    dreal = -np.exp(-np.logaddexp(0, logits_real)) / len(logits_real)\n"
_D_FAKE = "    dfake = np.exp(-np.logaddexp(0, -logits_fake)) / len(logits_fake)\n"
_D_RETURN = "    return float(loss), dreal, dfake\n"
_G_SLOPE = "    dfake = -np.exp(-np.logaddexp(0, logits_fake)) / len(logits_fake)\n"
_G_LOSS = "return float(np.logaddexp(0, -logits_fake).mean()), dfake"
_M_SLOPE = "    dfake = -np.exp(-np.logaddexp(0, -logits_fake)) / len(logits_fake)\n"
_M_LOSS = "return float(-np.logaddexp(0, logits_fake).mean()), dfake"
_LS_D = "    loss = ((scores_real - 1) ** 2).mean() / 2 + (scores_fake**2).mean() / 2\n"
_LS_D_SLOPES = "(scores_real - 1) / len(scores_real), scores_fake / len(scores_fake)"
_LS_G = "return float(((scores_fake - 1) ** 2).mean() / 2), (scores_fake - 1) / len(scores_fake)"
_QUIET = "    with np.errstate(all='ignore'):\n        "
_FAKE = "    fake = generator(noise).detach()\n"
_D_CLEAR = "    d_optimizer.zero_grad()\n"
_D_STEP_LOSS = "    d_loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()\n"
_D_MOVE = "    d_loss.backward()\n    d_optimizer.step()\n"
_G_CLEAR = "    g_optimizer.zero_grad()\n"
_G_STEP_LOSS = "    g_loss = softplus(-discriminator(generator(noise))).mean()\n"
_G_MOVE = "    g_loss.backward()\n    g_optimizer.step()\n"
_VALUES = "return d_loss.item(), g_loss.item()"


def _gan(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="gan_losses", module="gan", says=says, old=old, new=new)


def _ls(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="ls_losses", module="gan", says=says, old=old, new=new)


def _step(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="gan_step", module="gan_training", says=says, old=old, new=new)


_LOSSES = (
    _gan(
        "J1-minimax-for-the-other",
        "generator_loss is the minimax loss. At the start the discriminator is sure: which loss still has a "
        "slope there?",
        _G_SLOPE + "    " + _G_LOSS + "\n",
        "    return minimax_generator_loss(logits_fake)\n",
    ),
    _gan(
        "J1-other-for-minimax",
        "minimax_generator_loss is the loss that keeps its slope, not the one of the game as first written.",
        _M_SLOPE + "    " + _M_LOSS + "\n",
        "    return generator_loss(logits_fake)\n",
    ),
    _gan(
        "J2-generator-wants-fakes",
        "The generator's target is 0: it learns to be recognized. It wants D(fake) near 1.",
        _G_SLOPE + "    " + _G_LOSS + "\n",
        "    dfake = (np.tanh(logits_fake / 2) + 1) / (2 * len(logits_fake))\n"
        "    return float(np.logaddexp(0, logits_fake).mean()), dfake\n",
    ),
    _gan(
        "J3-sign-of-the-generator",
        "The generator's loss has the wrong sign: −log D(fake) is never negative.",
        _G_SLOPE + "    " + _G_LOSS + "\n",
        "    dfake = (1 - np.tanh(logits_fake / 2)) / (2 * len(logits_fake))\n"
        "    return -float(np.logaddexp(0, -logits_fake).mean()), dfake\n",
    ),
    _gan(
        "J3-sign-of-minimax",
        "log(1 − D(fake)) is never positive: the sign is wrong.",
        _M_LOSS,
        _M_LOSS.replace("float(-np", "float(np"),
    ),
    _gan(
        "J3-sign-of-the-minimax-slope",
        "The slope of log(1 − D(fake)) has the wrong sign. The value is right: does it rise or fall with the "
        "logit?",
        _M_SLOPE + "    " + _M_LOSS,
        _M_SLOPE.replace("-np.exp(-np", "np.exp(-np") + "    " + _M_LOSS,
    ),
    _gan(
        "J4-labels-exchanged",
        "Real and fake are exchanged in the discriminator's loss.",
        _D_LOSS,
        "    loss = np.logaddexp(0, logits_real).mean() + np.logaddexp(0, -logits_fake).mean()\n",
    ),
    _gan(
        "J5-summed",
        "The discriminator's loss is a sum over the examples. Each part is a mean.",
        _D_LOSS,
        _D_LOSS.replace(".mean()", ".sum()"),
    ),
    _gan(
        "J6-loss-halved",
        "The two parts are averaged. They are added: no half.",
        _D_LOSS,
        _D_LOSS + "    loss = loss / 2\n",
    ),
    _gan(
        "J6-slopes-halved",
        "The discriminator's slopes are half of what they should be.",
        _D_RETURN + "\n\ndef generator_loss",
        "    return float(loss), dreal / 2, dfake / 2\n\n\ndef generator_loss",
    ),
    _gan(
        "J10-one-mean-for-both",
        "Real examples and fakes share one mean. There may be more of one than of the other: each has its "
        "own.",
        _D_LOSS,
        "    both = np.concatenate([np.logaddexp(0, -logits_real), np.logaddexp(0, logits_fake)])\n"
        "    loss = 2 * both.mean()\n",
    ),
    _gan(
        "J10-slopes-divided-by-the-other",
        "The slopes for the fakes are divided by the number of real examples.",
        _D_FAKE,
        _D_FAKE.replace("/ len(logits_fake)", "/ len(logits_real)"),
    ),
    _gan(
        "J7-logarithm-of-a-sigmoid",
        "For a logit of −800 the sigmoid is 0 and its logarithm infinite. Use a form "
        "of log(1 + exp(−s)) that does not overflow.",
        _G_LOSS,
        "with np.errstate(all='ignore'):\n"
        "        loss = -np.log(1 / (1 + np.exp(-logits_fake))).mean()\n    return float(loss), dfake",
    ),
    _gan(
        "J8-small-number-added",
        "A small number is added inside the logarithm. That caps the loss where the generator needs it most.",
        _G_LOSS,
        "with np.errstate(all='ignore'):\n"
        "        loss = -np.log(1 / (1 + np.exp(-logits_fake)) + 1e-8).mean()\n    return float(loss), dfake",
    ),
    _gan(
        "J7-slope-overflows",
        "The slope is NaN for large logits: exp overflows.",
        _D_REAL,
        "    with np.errstate(all='ignore'):\n"
        "        dreal = -np.exp(-logits_real) / (1 + np.exp(-logits_real)) / len(logits_real)\n",
    ),
    _gan(
        "J3-slope-of-the-sigmoid",
        "The slope contains D·(1 − D) once more. From −log sigmoid(s) to s it is D − 1.",
        _G_SLOPE + "    " + _G_LOSS,
        "    D = (1 + np.tanh(logits_fake / 2)) / 2\n"
        "    dfake = (D - 1) * D * (1 - D) / len(logits_fake)\n    " + _G_LOSS,
    ),
    _gan(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _D_LOSS,
        "    logits_real, logits_fake = logits_real.astype(np.float32), logits_fake.astype(np.float32)\n"
        + _D_LOSS,
    ),
    _gan(
        "L6-logits-changed-in-place",
        "The caller's logits are changed.",
        _D_LOSS,
        _D_LOSS + "    logits_fake *= 1.0000001\n",
    ),
)

_SQUARES = (
    _ls(
        "J12-half-forgotten",
        "The half in front of the squares is missing.",
        _LS_D,
        _LS_D.replace(" / 2", ""),
    ),
    _ls(
        "J12-sigmoid-before-the-squares",
        "The scores go through a sigmoid first. They are used as they are.",
        _LS_D,
        "    scores_real, scores_fake = ((1 + np.tanh(s / 2)) / 2 for s in (scores_real, scores_fake))\n"
        + _LS_D,
    ),
    _ls(
        "J4-labels-exchanged",
        "Real examples should score 1 and fakes 0; here it is the other way round.",
        _LS_D,
        "    loss = (scores_real**2).mean() / 2 + ((scores_fake - 1) ** 2).mean() / 2\n",
    ),
    _ls(
        "J5-summed",
        "The squares are summed. Each part is a mean.",
        _LS_D,
        _LS_D.replace(".mean()", ".sum()"),
    ),
    _ls(
        "J10-slopes-divided-by-the-other",
        "The slopes for the fakes are divided by the number of real examples.",
        _LS_D_SLOPES,
        _LS_D_SLOPES.replace("/ len(scores_fake)", "/ len(scores_real)"),
    ),
    _ls(
        "J12-slopes-doubled",
        "The slopes are twice too steep: with the half in the loss there is no 2.",
        _LS_D_SLOPES,
        "2 * (scores_real - 1) / len(scores_real), 2 * scores_fake / len(scores_fake)",
    ),
    _ls(
        "J2-generator-wants-fakes",
        "The generator wants its fakes to score 0. It wants 1.",
        _LS_G,
        "return float((scores_fake**2).mean() / 2), scores_fake / len(scores_fake)",
    ),
    _ls(
        "J3-sign-of-the-generator",
        "The generator's slope has the wrong sign.",
        _LS_G,
        _LS_G.replace("(scores_fake - 1) / len", "(1 - scores_fake) / len"),
    ),
    _ls(
        "J12-half-forgotten-by-the-generator",
        "The half in front of the generator's square is missing.",
        _LS_G,
        _LS_G.replace(".mean() / 2)", ".mean())"),
    ),
    _ls(
        "J12-magnitude-for-square",
        "The generator's loss is the mean distance, not half the mean square.",
        _LS_G,
        "return float(abs(scores_fake - 1).mean() / 2), (scores_fake - 1) / len(scores_fake)",
    ),
    _ls(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _LS_D,
        "    scores_real, scores_fake = scores_real.astype(np.float32), scores_fake.astype(np.float32)\n"
        + _LS_D,
    ),
    _ls(
        "L6-scores-changed-in-place",
        "The caller's scores are changed.",
        _LS_D,
        "    scores_real -= 1\n    scores_real += 1e-9\n"
        "    loss = (scores_real**2).mean() / 2 + (scores_fake**2).mean() / 2\n"
        "    return float(loss), scores_real / len(scores_real), scores_fake / len(scores_fake)\n",
    ),
)

_STEPS = (
    _step(
        "J9-fakes-not-detached",
        "The discriminator's gradient goes back into the generator. Who is learning in this line?",
        _FAKE,
        "    fake = generator(noise)\n",
    ),
    _step(
        "J9-generator-keeps-the-discriminators-gradient",
        "The generator's gradients are cleared before the discriminator's step, not before its own.",
        _FAKE + _D_CLEAR,
        "    fake = generator(noise)\n    g_optimizer.zero_grad()\n" + _D_CLEAR,
    ),
    _step(
        "J9-fakes-detached-for-the-generator",
        "The fakes are detached in the generator's step as well: it never learns.",
        _G_STEP_LOSS + "    g_loss.backward()\n",
        "    g_loss = softplus(-discriminator(generator(noise).detach())).mean()\n    g_loss.backward()\n",
    ),
    _step(
        "J14-gradients-of-the-discriminator-not-cleared",
        "The generator's step leaves gradients in the discriminator. Clear them before its next step.",
        _D_CLEAR,
        "",
    ),
    _step(
        "J14-gradients-of-the-generator-not-cleared",
        "The generator's gradients add up from step to step. Clear them first.",
        _G_CLEAR,
        "",
    ),
    _step(
        "J1-minimax-for-the-generator",
        "The generator goes down log(1 − D(fake)). Asked for is −log D(fake), which keeps its slope.",
        _G_STEP_LOSS,
        "    g_loss = -softplus(discriminator(generator(noise))).mean()\n",
    ),
    _step(
        "J2-generator-helps-the-discriminator",
        "The generator goes down −log(1 − D(fake)): it learns to be recognized.",
        _G_STEP_LOSS,
        "    g_loss = softplus(discriminator(generator(noise))).mean()\n",
    ),
    _step(
        "J4-labels-exchanged",
        "Real and fake are exchanged in the discriminator's loss.",
        _D_STEP_LOSS,
        "    d_loss = softplus(discriminator(real)).mean() + softplus(-discriminator(fake)).mean()\n",
    ),
    _step(
        "J6-loss-halved",
        "The discriminator's loss is halved. Its two means are added.",
        _D_STEP_LOSS,
        _D_STEP_LOSS + "    d_loss = d_loss / 2\n",
    ),
    _step(
        "J5-summed",
        "The generator's loss is a sum over the fakes. It is a mean.",
        _G_STEP_LOSS,
        _G_STEP_LOSS.replace(".mean()", ".sum()"),
    ),
    _step(
        "J10-as-many-fakes-as-real-examples",
        "Only as many fakes are used as there are real examples.",
        "softplus(discriminator(fake))",
        "softplus(discriminator(fake[: len(real)]))",
    ),
    _step(
        "J10-labels-of-the-other-batch",
        "The fakes get as many labels as there are real examples. Each batch has a size of its own, and "
        "its labels have the shape of its logits.",
        _D_STEP_LOSS,
        "    on_real, on_fake = discriminator(real), discriminator(fake)\n"
        "    judge = nn.functional.binary_cross_entropy_with_logits\n"
        "    d_loss = judge(on_real, torch.ones_like(on_real)) + judge(on_fake, torch.zeros_like(on_real))\n",
    ),
    _step(
        "J9-generator-first",
        "The generator learns before the discriminator. The order is fixed: it is judged by the "
        "discriminator after its step.",
        _D_MOVE + _G_CLEAR + _G_STEP_LOSS + _G_MOVE,
        _G_CLEAR + _G_STEP_LOSS + _G_MOVE + _D_CLEAR + _D_MOVE,
    ),
    _step(
        "J9-judged-before-the-step",
        "The generator is judged by the discriminator as it was before its step.",
        _D_MOVE + _G_CLEAR + _G_STEP_LOSS + _G_MOVE,
        "    g_loss = softplus(-discriminator(generator(noise))).mean()\n    g_optimizer.zero_grad()\n"
        "    g_loss.backward()\n    d_optimizer.zero_grad()\n    d_loss.backward()\n"
        "    g_optimizer.step()\n    d_optimizer.step()\n",
    ),
    _step(
        "J9-other-noise-for-the-generator",
        "The generator's step draws noise of its own. Both parts use the noise that is given.",
        _G_STEP_LOSS,
        "    g_loss = softplus(-discriminator(generator(torch.randn_like(noise)))).mean()\n",
    ),
    _step(
        "J9-both-optimizers-move-in-the-generators-step",
        "The discriminator moves in the generator's step as well. Each part has one learner.",
        _G_MOVE,
        _G_MOVE + "    d_optimizer.step()\n",
    ),
    _step(
        "J9-generator-does-not-move",
        "The generator's optimizer takes no step: backward only computes gradients.",
        _G_MOVE,
        "    g_loss.backward()\n",
    ),
    _step(
        "J9-two-steps-of-the-discriminator",
        "The discriminator takes two steps. The contract asks for one.",
        _D_MOVE,
        _D_MOVE + "    d_optimizer.step()\n",
    ),
    _step(
        "J15-losses-exchanged",
        "The two losses are returned in the wrong order.",
        _VALUES,
        "return g_loss.item(), d_loss.item()",
    ),
    _step(
        "J15-tensors-for-numbers",
        "The losses are tensors. Return Python floats: .item().",
        _VALUES,
        "return d_loss, g_loss  # type: ignore[return-value]",
    ),
    _step(
        "J8-small-number-added",
        "A small number is added inside a logarithm of a sigmoid that is rounded in float32.",
        _D_STEP_LOSS,
        "    d_loss = -(torch.sigmoid(discriminator(real)) + 0.01).log().mean()\n"
        "    d_loss = d_loss - (1 - torch.sigmoid(discriminator(fake)) + 0.01).log().mean()\n",
    ),
)
WRONG = (*_LOSSES, *_SQUARES, *_STEPS)
