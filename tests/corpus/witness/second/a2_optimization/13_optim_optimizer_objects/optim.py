"""Optimizers as immutable objects: `apply` gives new weights and a new optimizer."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod

import numpy as np


class Optimizer(ABC):
    def apply(self, w, dw, **settings):
        successor = copy.copy(self)
        return w + successor.delta(w, dw, **settings), successor

    @abstractmethod
    def delta(self, w, dw, **settings): ...


class SGD(Optimizer):
    def delta(self, w, dw, *, lr):
        return -lr * dw


class Momentum(Optimizer):
    velocity = None

    def delta(self, w, dw, *, lr, mu):
        kept = 0 if self.velocity is None else mu * self.velocity
        self.velocity = kept - lr * dw
        return self.velocity


class Adam(Optimizer):
    t = 0
    m = v = None

    def delta(self, w, dw, *, lr, beta1, beta2, eps, weight_decay):
        if self.m is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t = self.t + 1
        self.m = beta1 * self.m + (1 - beta1) * dw
        self.v = beta2 * self.v + (1 - beta2) * dw**2
        m_hat, v_hat = self.m / (1 - beta1**self.t), self.v / (1 - beta2**self.t)
        return -lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w)


def sgd_step(w, dw, state, *, lr):
    return (state or SGD()).apply(w, dw, lr=lr)


def momentum_step(w, dw, state, *, lr, mu=0.9):
    return (state or Momentum()).apply(w, dw, lr=lr, mu=mu)


def adam_step(w, dw, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    return (state or Adam()).apply(
        w, dw, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay
    )
