"""One step of a generative adversarial net, judged by where the parameters of both networks are after it.

The networks live with the student; what crosses the border are their parameters before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from autograder.author import Expected, assert_close, task
from dlc_lib import gan_nets, gan_training
from dlc_lib.arrays import Array

LIMIT = 1e-3  # float32, two networks and three losses; a wrong step is off by 0.05 and more
NAMES = ("W1", "b1", "W2", "b2")


def normal(rng: np.random.Generator, shapes: tuple[tuple[int, ...], ...]) -> list[Array]:
    """Normal numbers in float32, for each shape."""
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


@dataclass(frozen=True)
class Game:
    """Sizes of both networks and of their batches."""

    id: str
    real: int  # N
    fakes: int  # M
    width: int  # D
    noise: int  # Z
    d_lr: float = 0.5
    g_lr: float = 0.7
    momentum: float = 0.0
    steps: int = 1

    def __str__(self) -> str:
        return self.id

    def draw(self, rng: np.random.Generator) -> Drawn:
        """Parameters and batches."""
        D, Z = self.width, self.noise
        shapes = (((D, 5), (5,), (5, 1), (1,)), ((Z, 4), (4,), (4, D), (D,)))
        discriminator, generator = (normal(rng, net) for net in shapes)
        batches = [normal(rng, ((self.real, D), (self.fakes, Z))) for _ in range(self.steps)]
        return Drawn(discriminator, generator, batches)


@dataclass(frozen=True)
class Drawn:
    """What a game begins with."""

    discriminator: list[Array]
    generator: list[Array]
    batches: list[list[Array]]


@dataclass(frozen=True)
class Played:
    """What a game ended with."""

    discriminator: list[Array]
    generator: list[Array]
    losses: list[Any]
    backward_passes: Any  # of the generator


SAME = Game("same-sizes", 6, 6, 2, 3)
MORE_FAKES = Game("more-fakes", 4, 7, 3, 2)
FEWER_FAKES = Game("fewer-fakes", 7, 3, 3, 2)
FEW = Game("one-of-each", 1, 1, 2, 1)
WIDE = Game("wider", 5, 5, 4, 2)
TWO_STEPS = Game("two-steps", 5, 5, 2, 3, momentum=0.5, steps=2)


def play(nets: Any, gan_step: Any, game: Game, drawn: Drawn) -> Played:
    """Play a game with networks of `nets`: ours, or those that live with the student."""
    D, G = nets.make_net(drawn.discriminator), nets.make_net(drawn.generator)
    d_optimizer = nets.make_sgd(D, game.d_lr, game.momentum)
    g_optimizer = nets.make_sgd(G, game.g_lr, game.momentum)
    losses = [
        gan_step(D, G, d_optimizer, g_optimizer, torch.tensor(real), torch.tensor(noise))
        for real, noise in drawn.batches
    ]
    return Played(parameters_of(nets, D), parameters_of(nets, G), losses, G.backward_passes)


def parameters_of(nets: Any, net: Any) -> list[Array]:
    """Parameters of a network; it may be one that a student had in hand."""
    found = nets.parameters_of(net)
    assert type(found) is list, "a network has lost its parameters"
    assert len(found) == len(NAMES), "a network has lost its parameters"
    return found


def both(student: Any, rng: np.random.Generator, game: Game) -> tuple[Played, Played, Drawn]:
    drawn = game.draw(rng)
    want = play(gan_nets, gan_training.gan_step, game, drawn)
    return play(student.gan_nets, student.gan_training.gan_step, game, drawn), want, drawn


def check_moves(found: list[Array], want: list[Array], before: list[Array], who: str) -> None:
    """Judge how far each parameter moved."""
    for got, right, start, name in zip(found, want, before, NAMES, strict=True):
        move = np.asarray(right, dtype=np.float64) - start
        assert_close(
            np.asarray(got, dtype=np.float64) - start, Expected(move, LIMIT), f"the step of {who} {name}"
        )


@task("gan_step", part="discriminator")
@pytest.mark.parametrize("game", [SAME, WIDE], ids=str)
def test_step_of_the_discriminator(student: Any, rng: np.random.Generator, game: Game) -> None:
    found, want, drawn = both(student, rng, game)
    check_moves(found.discriminator, want.discriminator, drawn.discriminator, "the discriminator's")


@task("gan_step", part="discriminator")
def test_discriminator_sends_no_gradient_into_the_generator(student: Any, rng: np.random.Generator) -> None:
    found, _, _ = both(student, rng, SAME)
    assert_close(found.backward_passes, 1.0, "the number of gradients that went back through the generator")


@task("gan_step", part="generator")
@pytest.mark.parametrize("game", [SAME, WIDE], ids=str)
def test_step_of_the_generator(student: Any, rng: np.random.Generator, game: Game) -> None:
    found, want, drawn = both(student, rng, game)
    check_moves(found.generator, want.generator, drawn.generator, "the generator's")


@task("gan_step", part="losses")
@pytest.mark.parametrize("game", [SAME, WIDE], ids=str)
def test_losses(student: Any, rng: np.random.Generator, game: Game) -> None:
    found, want, _ = both(student, rng, game)
    for place, name in enumerate(("d_loss", "g_loss")):
        assert_close(found.losses[0][place], Expected(np.array(want.losses[0][place]), LIMIT), name)


@task("gan_step", part="edge")
@pytest.mark.parametrize("game", [MORE_FAKES, FEWER_FAKES, FEW], ids=str)
def test_batches_of_other_sizes(student: Any, rng: np.random.Generator, game: Game) -> None:
    found, want, drawn = both(student, rng, game)
    check_moves(found.discriminator, want.discriminator, drawn.discriminator, "the discriminator's")
    check_moves(found.generator, want.generator, drawn.generator, "the generator's")


@task("gan_step", part="steps")
def test_two_steps(student: Any, rng: np.random.Generator) -> None:
    found, want, drawn = both(student, rng, TWO_STEPS)
    check_moves(found.discriminator, want.discriminator, drawn.discriminator, "the discriminator's")
    check_moves(found.generator, want.generator, drawn.generator, "the generator's")


@task("gan_step", part="steps")
def test_gradients_from_before_are_not_used(student: Any, rng: np.random.Generator) -> None:
    game, drawn = SAME, SAME.draw(rng)
    nets, step = student.gan_nets, student.gan_training.gan_step
    D, G = nets.make_net(drawn.discriminator), nets.make_net(drawn.generator)
    real, noise = (torch.tensor(each) for each in drawn.batches[0])
    for d_lr, g_lr in ((0.0, 0.0), (game.d_lr, game.g_lr)):  # the first leaves gradients behind
        step(D, G, nets.make_sgd(D, d_lr, 0.0), nets.make_sgd(G, g_lr, 0.0), real, noise)
    want = play(gan_nets, gan_training.gan_step, game, drawn)
    found = parameters_of(nets, D), parameters_of(nets, G)
    check_moves(found[0], want.discriminator, drawn.discriminator, "the discriminator's")
    check_moves(found[1], want.generator, drawn.generator, "the generator's")
