"""Wrong Q-learning and wrong policy gradients."""

from __future__ import annotations

from autograder.author import Mistake

_BEST = "best_next = 0.0 if done else q[next_state].max()"
_MOVE = "    next_q[state, action] += lr * (reward + gamma * best_next - q[state, action])\n"
_BLIND = "    if rng.random() < epsilon:\n"
_LOOP = """            q = q_update(q, state, action, reward, next_state, done, lr=lr, gamma=gamma)
            state = next_state
"""
_FUTURE = "        future = rewards[t] + gamma * future\n"
_STEP = "    step[np.arange(len(states)), actions] -= 1\n"
_ADD = "    np.add.at(dtheta, states, step * advantages[:, None] / len(states))\n"
_LOSS = "float(-(advantages * log_pi[states, actions]).mean())"
_LOG_PI = "    log_pi = theta - np.logaddexp.reduce(theta, axis=1, keepdims=True)\n"


def _q(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="q_learning", module="reinforcement", says=says, old=old, new=new)


def _policy(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="reinforce", module="reinforcement", says=says, old=old, new=new)


_Q = (
    _q(
        "K6-value-after-the-end",
        "The value of the next state is counted though the walk is over. Behind the end nothing is to come.",
        _BEST,
        "best_next = q[next_state].max()",
    ),
    _q(
        "K6-end-forgets-the-reward",
        "At the end of a walk the target is 0. The last reward still counts, only the future does not.",
        "(reward + gamma * best_next - q[state, action])",
        "((0.0 if done else reward + gamma * best_next) - q[state, action])",
    ),
    _q(
        "K6-largest-of-the-table",
        "The maximum is taken over the whole table. It must be over the actions of the next state.",
        "q[next_state].max()",
        "q.max()",
    ),
    _q(
        "K6-largest-over-the-states",
        "The maximum runs over the states. Rows of q are states, columns actions: over which of them can the "
        "learner choose?",
        "q[next_state].max()",
        "q[:, action].max()",
    ),
    _q(
        "K6-value-of-the-same-action",
        "The next state is valued by the action that was just taken. Q-learning assumes the best one from "
        "then on.",
        "q[next_state].max()",
        "q[next_state, action]",
    ),
    _q(
        "K6-mean-of-the-actions",
        "The next state is valued by the mean over its actions. Q-learning takes the maximum.",
        "q[next_state].max()",
        "q[next_state].mean()",
    ),
    _q(
        "K6-value-of-the-same-state",
        "The maximum is taken in the state where the step began, not where it led.",
        "q[next_state].max()",
        "q[state].max()",
    ),
    _q(
        "K6-maximum-at-least-zero",
        "The maximum is never below 0. All values of a state may be negative.",
        _BEST,
        "best_next = 0.0 if done else max(0.0, q[next_state].max())",
    ),
    _q(
        "K6-discount-forgotten",
        "What comes later is not discounted by gamma.",
        "gamma * best_next",
        "best_next",
    ),
    _q(
        "K6-reward-discounted",
        "gamma is applied to the reward as well. The reward comes at once.",
        "reward + gamma * best_next",
        "gamma * (reward + best_next)",
    ),
    _q(
        "K6-replaced-by-the-target",
        "The value is replaced by the target. It should only move towards it, by the share lr.",
        _MOVE,
        "    next_q[state, action] = reward + gamma * best_next\n",
    ),
    _q(
        "K6-old-value-not-subtracted",
        "lr · target is added to the old value. Only the difference to the old value should be.",
        " - q[state, action])",
        ")",
    ),
    _q(
        "K6-epsilon-inverted",
        "Epsilon is the share of blind choices; here it is the share of the best ones.",
        _BLIND,
        "    if rng.random() > epsilon:\n",
    ),
    _q(
        "K6-never-blind",
        "The best action is always taken: what was never tried is never learnt.",
        _BLIND,
        "    if rng.random() < 0 * epsilon:\n",
    ),
    _q(
        "K6-blind-choice-avoids-the-best",
        "A blind choice never takes the best action. It is one of the actions like any other.",
        "        return int(rng.integers(len(values)))\n",
        "        other = int(rng.integers(max(len(values) - 1, 1)))\n"
        "        return other + (other >= int(np.argmax(values))) if len(values) > 1 else 0\n",
    ),
    _q(
        "K6-worst-action",
        "The smallest value is chosen instead of the largest.",
        "return int(np.argmax(values))",
        "return int(np.argmin(values))",
    ),
    _q(
        "K6-state-never-moves-on",
        "The walk stays at its first state: after each step the next state becomes the state.",
        _LOOP,
        _LOOP.replace("            state = next_state\n", ""),
    ),
    _q(
        "K6-state-moves-before-the-update",
        "The state moves on before the value of the step is learnt, so another state is updated.",
        _LOOP,
        "            state = next_state\n"
        "            q = q_update(q, state, action, reward, next_state, done, lr=lr, gamma=gamma)\n",
    ),
    _q(
        "K6-update-thrown-away",
        "What q_update returns is not kept: q stays at 0.",
        "            q = q_update(",
        "            q_update(",
    ),
    _q(
        "K6-table-forgotten-each-walk",
        "The table begins at 0 in every walk: what the walks before taught is lost.",
        "        state = world.reset(rng)\n",
        "        state = world.reset(rng)\n        q[:] = 0\n",
    ),
    _q(
        "K6-cut-off-counts-as-end",
        "The last step of a walk that was cut off is learnt as if it had ended. Only the world says when a "
        "walk ends.",
        "        for _ in range(max_steps):\n            action = epsilon_greedy(q[state], epsilon=epsilon, "
        "rng=rng)\n            next_state, reward, done = world.step(state, action)\n",
        "        for left in reversed(range(max_steps)):\n            action = epsilon_greedy(q[state], "
        "epsilon=epsilon, rng=rng)\n            next_state, reward, done = world.step(state, action)\n"
        "            done = done or left == 0\n",
    ),
    _q(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        "    next_q = q.copy()\n",
        "    next_q = q.astype(np.float32)\n",
    ),
    _q(
        "L6-table-changed-in-place",
        "q_update writes into the table it was given. It promises a new one.",
        "    next_q = q.copy()\n",
        "    next_q = q\n",
    ),
)

_POLICY = (
    _policy(
        "K6-returns-from-the-start",
        "Each return counts what came before the step. What an action caused can only lie behind it.",
        "    for t in reversed(range(len(rewards))):\n",
        "    for t in range(len(rewards)):\n",
    ),
    _policy(
        "K6-returns-not-discounted",
        "gamma is not used: a reward in the far future counts as much as one now.",
        _FUTURE,
        "        future = rewards[t] + future\n",
    ),
    _policy(
        "K6-discount-one-too-many",
        "The exponent of gamma is one too large: the reward of the step itself is not discounted.",
        _FUTURE,
        "        future = gamma * (rewards[t] + future)\n",
    ),
    _policy(
        "K6-whole-return-for-every-step",
        "Every step gets the return of the whole walk. Step t gets only what came from t on.",
        "    return returns\n",
        "    return np.full_like(returns, returns[0] if len(returns) else 0.0)\n",
    ),
    _policy(
        "K6-discounted-from-the-first-step",
        "The discount is counted from the start of the walk instead of from step t.",
        "        returns[t] = future\n",
        "        returns[t] = future * gamma**t\n",
    ),
    _policy(
        "K6-only-the-next-reward",
        "Only two rewards are counted at each step; the future goes on to the end of the walk.",
        _FUTURE + "        returns[t] = future\n",
        "        returns[t] = rewards[t] + gamma * future\n        future = rewards[t]\n",
    ),
    _policy(
        "K6-gradient-climbs",
        "The gradient has the wrong sign: descent on it makes rewarded actions rarer.",
        _ADD,
        _ADD.replace("step * advantages", "-step * advantages"),
    ),
    _policy(
        "K6-loss-without-minus",
        "The loss is the mean of log pi times advantage without the minus. A loss is to fall when rewarded "
        "actions become likelier.",
        _LOSS,
        "float((advantages * log_pi[states, actions]).mean())",
    ),
    _policy(
        "K6-probability-for-its-logarithm",
        "The loss weighs the probability itself. It is the logarithm whose gradient is unbiased.",
        _LOSS,
        "float(-(advantages * np.exp(log_pi[states, actions])).mean())",
    ),
    _policy(
        "K6-summed-over-the-steps",
        "Loss and gradient are sums over the steps. The docstring asks for the mean.",
        _LOSS + ", dtheta",
        _LOSS.replace(".mean()", ".sum()") + ", dtheta * len(states)",
    ),
    _policy(
        "K6-gradient-not-averaged",
        "The loss is a mean over the steps, its gradient a sum: they must fit.",
        " / len(states))\n",
        ")\n",
    ),
    _policy(
        "G7-repeated-states-overwritten",
        "A state that occurs several times keeps only what its last occurrence says. All of them add up.",
        _ADD,
        "    dtheta[states] += step * advantages[:, None] / len(states)\n",
    ),
    _policy(
        "K6-only-the-taken-action",
        "Only the preference of the action taken gets a gradient. The others became likelier or rarer too: "
        "probabilities add up to 1.",
        _ADD,
        "    at = np.arange(len(states))\n"
        "    np.add.at(dtheta, (states, actions), step[at, actions] * advantages / len(states))\n",
    ),
    _policy(
        "K6-one-hot-forgotten",
        "The gradient is pi alone. d log pi / d theta is the one-hot action minus pi.",
        _STEP,
        "",
    ),
    _policy(
        "K6-advantages-missing-in-the-gradient",
        "The gradient does not use the advantages: every action taken becomes likelier, good or bad.",
        _ADD,
        "    np.add.at(dtheta, states, step / len(states))\n",
    ),
    _policy(
        "A16-softmax-over-the-states",
        "The probabilities are normalized over the states. In each state those of the actions add up to 1.",
        _LOG_PI,
        "    log_pi = theta - np.logaddexp.reduce(theta, axis=0, keepdims=True)\n",
    ),
    _policy(
        "A15-exponentials-overflow",
        "Large preferences overflow. Shift each row by its largest entry before exp, and never take the "
        "logarithm of a probability.",
        _LOG_PI,
        "    pi = np.exp(theta) / np.exp(theta).sum(axis=1, keepdims=True)\n    log_pi = np.log(pi)\n",
    ),
    _policy(
        "L7-computed-in-float32",
        "The digits behind the seventh are lost: numbers of float64 are computed in float32. Where does the "
        "type change?",
        _LOG_PI,
        "    theta = theta.astype(np.float32)\n" + _LOG_PI,
    ),
    _policy(
        "L6-preferences-overwritten",
        "theta is changed by the call. The loss only reads it; the step is taken by the caller.",
        "    dtheta = np.zeros_like(theta)\n",
        "    dtheta = np.zeros_like(theta)\n    theta -= theta.max()\n",
    ),
)
WRONG = (*_Q, *_POLICY)
