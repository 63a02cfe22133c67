import numpy as np


def q_update(q, state, action, reward, next_state, done, *, lr, gamma):
    next_q = np.array(q)
    target = reward + gamma * q[next_state].max()
    next_q[state][action] = (1 - lr) * q[state][action] + lr * target
    return next_q


def epsilon_greedy(values, *, epsilon, rng):
    if epsilon > rng.uniform():
        action = rng.choice(len(values))
    else:
        best = np.flatnonzero(values == values.max())
        action = rng.choice(best)
    return int(action)


def q_learning(world, *, episodes, max_steps, lr, gamma, epsilon, rng):
    q = np.zeros((world.states, world.actions))
    episode = 0
    while episode < episodes:
        s = world.reset(rng)
        done = False
        steps = 0
        while not done and steps < max_steps:
            a = epsilon_greedy(q[s], epsilon=epsilon, rng=rng)
            s2, r, done = world.step(s, a)
            q = q_update(q, s, a, r, s2, done, lr=lr, gamma=gamma)
            s = s2
            steps += 1
        episode += 1
    return q


def discounted_returns(rewards, *, gamma):
    T = len(rewards)
    returns = np.array(rewards)
    for t in range(T - 2, -1, -1):
        returns[t] += gamma * returns[t + 1]
    return returns


def policy_gradient_loss(theta, states, actions, advantages):
    T = states.shape[0]
    top = theta.max(axis=1, keepdims=True)
    log_z = top + np.log(np.exp(theta - top).sum(axis=1, keepdims=True))
    log_pi = theta - log_z
    pi = np.exp(log_pi)
    loss = 0.0
    dtheta = np.zeros_like(theta)
    for s, a, adv in zip(states, actions, advantages):
        loss -= adv * log_pi[s, a] / T
        dtheta[s] += adv * pi[s] / T
        dtheta[s, a] -= adv / T
    return float(loss), dtheta
