"""Public tests of a6_generative: small numbers worked by hand, and laws that anyone can check.

They are a start, not the whole: the hidden tests use other shapes and values, opponents who are sure, and
networks whose every parameter is followed.
"""

import numpy as np
import pytest
import torch
from studentkit import assert_close, task

EPS = 1e-5
FLOAT64 = 1e-10  # what is off by more was not computed in float64
TWO = np.array([[3.0, 0.0], [0.0, 1.0]])


def leaves(function, *given, **options):
    """What a call gives, where it leaves all arrays that it is given as they were."""
    found, left = function.watch(*given, **options)
    for place, pair in enumerate(zip(arrays_in(left), arrays_in(given), strict=True)):
        assert np.array_equal(*pair), f"array {place} of those that the function was given is another now"
    return found


def arrays_in(given):
    """All arrays, in order; a cache is yours and is not looked into."""
    if isinstance(given, np.ndarray):
        return [given]
    values = given.values() if isinstance(given, dict) else given if isinstance(given, list | tuple) else []
    return [array for value in values for array in arrays_in(value)]


@pytest.fixture
def rng():
    """Chance, the same in every run."""
    return np.random.default_rng(6)


@task("autoencoder", part="code")
def test_code_of_one_number(student):
    x, W = np.array([[1.0, 2.0]]), np.array([[1.0], [3.0]])
    assert_close(student.autoencoder.encode(x, W), np.array([[7.0]]), "z")
    assert_close(student.autoencoder.decode(np.array([[2.0]]), W), np.array([[2.0, 6.0]]), "y")


@task("autoencoder", part="loss")
def test_loss_of_the_worked_example(student):
    x, W = np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]])
    assert_close(student.autoencoder.autoencoder_loss(x, x, W)[0], 4.0, "loss")


@task("autoencoder", part="gradient")
def test_gradient_of_the_worked_example(student):
    x, W = np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]])
    assert_close(student.autoencoder.autoencoder_loss(x, x, W)[1], np.array([[0.0], [-4.0]]), "dW")


@task("autoencoder", part="gradient")
def test_gradient_is_the_slope_of_your_loss(student, rng):
    x, target, W = rng.standard_normal((4, 3)), rng.standard_normal((4, 3)), rng.standard_normal((3, 2))
    _, dW = student.autoencoder.autoencoder_loss(x, target, W)
    slope = np.zeros_like(W)
    for place in np.ndindex(*W.shape):
        step = np.zeros_like(W)
        step[place] = EPS
        above, below = (student.autoencoder.autoencoder_loss(x, target, W + s)[0] for s in (step, -step))
        slope[place] = (above - below) / (2 * EPS)
    assert_close(dW, slope, "dW")


@task("autoencoder", part="edge")
def test_code_as_large_as_the_example_loses_nothing(student, rng):
    x = rng.standard_normal((3, 4))
    loss, _ = student.autoencoder.autoencoder_loss(x, x, np.eye(4))
    assert_close(1 + loss, 1.0, "1 + loss")


@task("autoencoder", part="edge")
def test_autoencoder_works_in_float64(student):
    third = np.full((1, 1), 1 / 3)
    loss, dW = student.autoencoder.autoencoder_loss(third, 0 * third, third)
    assert_close(loss, 1 / 3**6, "loss", limit=FLOAT64)
    assert_close(dW, np.full((1, 1), 4 / 3**5), "dW", limit=FLOAT64)


@task("autoencoder", part="purity")
def test_autoencoder_leaves_what_it_is_given(student, rng):
    x, target, W = (rng.standard_normal(shape) for shape in ((4, 3), (4, 3), (3, 2)))
    leaves(student.autoencoder.autoencoder_loss, x, target, W)


@task("denoising", part="noise")
def test_deviation_of_the_noise(student, rng):
    x = np.full((100, 100), 3.0)
    noise = student.autoencoder.add_noise(x, std=0.5, rng=rng) - x
    assert abs(noise.mean()) < 0.05, f"the mean of the noise is {noise.mean():.3f}; expected about 0"
    assert abs(noise.std() - 0.5) < 0.05, (
        f"the deviation of the noise is {noise.std():.3f}; expected about 0.5"
    )


@task("denoising", part="loss")
def test_target_is_clean(student, rng):
    loss, _ = student.autoencoder.denoising_loss(np.zeros((100, 100)), np.eye(100), std=1.0, rng=rng)
    assert 80 < loss < 120, f"weights that hand everything on lose {loss:.1f}; expected about 100, the noise"


@task("denoising", part="edge")
def test_no_noise(student, rng):
    noisy = student.autoencoder.add_noise(TWO, std=0.0, rng=rng)
    assert_close(noisy, TWO, "noisy")


@task("denoising", part="edge")
def test_noise_for_examples_of_any_shape(student, rng):
    thirds = np.full((2, 3, 4), 1 / 3)
    noisy = student.autoencoder.add_noise(thirds, std=0.0, rng=rng)
    assert_close(noisy, thirds, "noisy", limit=FLOAT64)


@task("denoising", part="purity")
def test_noise_is_not_added_in_place(student, rng):
    leaves(student.autoencoder.add_noise, TWO, std=1.0, rng=rng)


@task("pca", part="directions")
def test_direction_of_two_examples(student):
    V = student.autoencoder.principal_directions(TWO, k=1)
    assert_close(abs(V), np.array([[1.0], [0.0]]), "V, whichever way it points,")


@task("pca", part="directions")
def test_direction_loses_no_more_than_the_bound(student, rng):
    x = rng.standard_normal((6, 4)) * np.array([3.0, 2.0, 1.0, 0.5]) @ rng.standard_normal((4, 4))
    V = student.autoencoder.principal_directions(x, k=2)
    assert V.shape == (4, 2), f"V has shape {V.shape}; expected (4, 2)"
    lost = ((x - x @ V @ V.T) ** 2).sum() / 6
    assert_close(lost, student.autoencoder.pca_bound(x, k=2), "what two directions lose, against the bound,")


@task("pca", part="bound")
def test_bound_of_two_examples(student):
    assert_close(student.autoencoder.pca_bound(TWO, k=1), 0.5, "bound")


@task("pca", part="edge")
def test_bound_of_a_code_as_large_as_the_example(student):
    assert_close(1 + student.autoencoder.pca_bound(TWO, k=2), 1.0, "1 + bound")


@task("pca", part="edge")
def test_pca_works_in_float64(student):
    assert_close(student.autoencoder.pca_bound(TWO / 3, k=1), 1 / 18, "bound", limit=FLOAT64)


@task("pca", part="purity")
def test_pca_leaves_what_it_is_given(student):
    leaves(student.autoencoder.pca_bound, TWO, k=1)


@task("gan_losses", part="loss")
def test_losses_of_undecided_logits(student):
    real, fake = np.zeros(1), np.zeros(2)
    assert_close(student.gan.discriminator_loss(real, fake)[0], 2 * np.log(2), "discriminator_loss")
    assert_close(student.gan.generator_loss(fake)[0], np.log(2), "generator_loss")
    assert_close(student.gan.minimax_generator_loss(fake)[0], -np.log(2), "minimax_generator_loss")


@task("gan_losses", part="gradient")
def test_slopes_of_undecided_logits(student):
    _, dreal, dfake = student.gan.discriminator_loss(np.zeros(1), np.zeros(2))
    assert_close(dreal, np.array([-0.5]), "dreal")
    assert_close(dfake, np.array([0.25, 0.25]), "dfake")
    for name in ("generator_loss", "minimax_generator_loss"):
        _, dfake = getattr(student.gan, name)(np.zeros(2))
        assert_close(dfake, np.array([-0.25, -0.25]), f"dfake of {name}")


@task("gan_losses", part="gradient")
def test_slopes_of_a_fake_that_is_recognized(student):
    fake = np.array([-10.0])
    assert_close(student.gan.generator_loss(fake)[1], np.array([-0.9999546]), "dfake")
    assert_close(student.gan.minimax_generator_loss(fake)[1], np.array([-4.539787e-05]), "dfake of minimax")


@task("gan_losses", part="edge")
def test_logits_of_any_size(student):
    assert_close(student.gan.generator_loss(np.array([-800.0]))[0], 800.0, "loss")


@task("gan_losses", part="edge")
def test_gan_losses_work_in_float64(student):
    third = np.array([1 / 3])
    loss, dreal, _ = student.gan.discriminator_loss(third, -third)
    assert_close(loss, 2 * np.log1p(np.exp(-1 / 3)), "loss", limit=FLOAT64)
    assert_close(dreal, np.array([-1 / (1 + np.exp(1 / 3))]), "dreal", limit=FLOAT64)


@task("gan_losses", part="purity")
def test_gan_losses_leave_what_they_are_given(student, rng):
    leaves(student.gan.discriminator_loss, rng.standard_normal(3), rng.standard_normal(4))


@task("ls_losses", part="loss")
def test_least_squares_of_three_scores(student):
    real, fake = np.array([3.0]), np.array([1.0, -1.0])
    assert_close(student.gan.ls_discriminator_loss(real, fake)[0], 2.5, "ls_discriminator_loss")
    assert_close(student.gan.ls_generator_loss(fake)[0], 1.0, "ls_generator_loss")


@task("ls_losses", part="gradient")
def test_slopes_of_three_scores(student):
    real, fake = np.array([3.0]), np.array([1.0, -1.0])
    _, dreal, dfake = student.gan.ls_discriminator_loss(real, fake)
    assert_close(dreal, np.array([2.0]), "dreal")
    assert_close(dfake, np.array([0.5, -0.5]), "dfake")
    assert_close(student.gan.ls_generator_loss(fake)[1], np.array([0.0, -1.0]), "dfake of the generator")


@task("ls_losses", part="edge")
def test_generator_that_has_won(student):
    loss, dfake = student.gan.ls_generator_loss(np.array([1.0]))
    assert_close(loss, 0.0, "loss")
    assert_close(dfake, np.zeros(1), "dfake")


@task("ls_losses", part="edge")
def test_least_squares_work_in_float64(student):
    loss, dfake = student.gan.ls_generator_loss(np.array([1 / 3]))
    assert_close(loss, 2 / 9, "loss", limit=FLOAT64)
    assert_close(dfake, np.array([-2 / 3]), "dfake", limit=FLOAT64)


@task("ls_losses", part="purity")
def test_least_squares_leave_what_they_are_given(student, rng):
    leaves(student.gan.ls_discriminator_loss, rng.standard_normal(3), rng.standard_normal(4))


class Players:
    """Two small networks with their optimizers, and the parameters they began with."""

    def __init__(self, student, rng, d_lr, g_lr, fakes=5):
        self.nets = student.gan_nets
        self.D, self.G = (self.nets.new_net(*sizes, rng=rng) for sizes in ((2, 4, 1), (3, 4, 2)))
        self.optimizers = self.nets.make_sgd(self.D, d_lr, 0.0), self.nets.make_sgd(self.G, g_lr, 0.0)
        self.before = self.parameters()
        self.batch = torch.tensor(rng.standard_normal((5, 2)), dtype=torch.float32)
        self.noise = torch.tensor(rng.standard_normal((fakes, 3)), dtype=torch.float32)

    def parameters(self):
        """Parameters of both networks."""
        return [np.concatenate([w.ravel() for w in self.nets.parameters_of(net)]) for net in (self.D, self.G)]

    def moved(self):
        """Whether the discriminator and the generator have moved."""
        return [not np.array_equal(*pair) for pair in zip(self.before, self.parameters(), strict=True)]


def play(student, rng, d_lr, g_lr, fakes=5):
    """Two players after one step."""
    players = Players(student, rng, d_lr, g_lr, fakes)
    losses = student.gan_training.gan_step(
        players.D, players.G, *players.optimizers, players.batch, players.noise
    )
    return players, losses


@task("gan_step", part="discriminator")
def test_discriminator_learns_alone(student, rng):
    players, _ = play(student, rng, d_lr=0.1, g_lr=0.0)
    assert players.moved() == [True, False], f"moved: D, G = {players.moved()}; only D should, in its step"


@task("gan_step", part="generator")
def test_generator_learns_alone(student, rng):
    players, _ = play(student, rng, d_lr=0.0, g_lr=0.1)
    assert players.moved() == [False, True], f"moved: D, G = {players.moved()}; only G should, in its step"


@task("gan_step", part="discriminator")
def test_one_gradient_goes_back_through_the_generator(student, rng):
    players, _ = play(student, rng, d_lr=0.1, g_lr=0.1)
    count = players.G.backward_passes
    assert count == 1, f"{count} gradients went back through the generator; expected 1, in its own step"


@task("gan_step", part="losses")
def test_losses_are_numbers_and_right_where_nothing_moves(student, rng):
    check_losses(*play(student, rng, d_lr=0.0, g_lr=0.0))


@task("gan_step", part="edge")
def test_losses_of_more_fakes_than_real_examples(student, rng):
    check_losses(*play(student, rng, d_lr=0.0, g_lr=0.0, fakes=7))


def check_losses(players, losses):
    """Compare both losses with their formulas, where nothing has moved."""
    generated = torch.from_numpy(np.array(players.G(players.noise)))
    real, fake = (torch.from_numpy(np.array(players.D(each))) for each in (players.batch, generated))
    sigmoid = torch.nn.functional.logsigmoid
    assert all(isinstance(each, float) for each in losses), "the losses are no floats"
    assert_close(losses[0], float(-sigmoid(real).mean() - sigmoid(-fake).mean()), "d_loss", limit=1e-4)
    assert_close(losses[1], float(-sigmoid(fake).mean()), "g_loss", limit=1e-4)


@task("gan_step", part="steps")
def test_second_step_does_not_remember_the_gradients_of_the_first(student, rng):
    players = Players(student, rng, d_lr=0.0, g_lr=0.0)
    given = (players.batch, players.noise)
    student.gan_training.gan_step(players.D, players.G, *players.optimizers, *given)
    fresh = [players.nets.make_sgd(net, 0.1, 0.0) for net in (players.D, players.G)]
    student.gan_training.gan_step(players.D, players.G, *fresh, *given)
    once, _ = play(student, np.random.default_rng(6), d_lr=0.1, g_lr=0.1)
    for found, want, who in zip(players.parameters(), once.parameters(), ("D", "G"), strict=True):
        what = f"the parameters of {who} after a second step (were old gradients cleared?)"
        assert_close(found, want, what, limit=1e-4)
