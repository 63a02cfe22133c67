# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Recurrent networks
#
# What the functions of a5_lstm do, looked at in small experiments. Runs in about a minute on one core.

# %%
import matplotlib.pyplot as plt
import numpy as np

from dlc_lib.layers import affine_backward, affine_forward
from dlc_lib.text import decode, encode, letters_of, load_text

rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. A recurrent layer
#
# One unit hears a single knock and then silence. How long does it remember, for four weights of its memory?

# %%
knock = np.zeros((1, 25, 1))
knock[0, 2] = 1.0
figure, axis = plt.subplots(figsize=(6, 2.8))
for weight in (0.5, 0.9, 1.0, 1.2):
    h, _ = rnn_forward(knock, np.zeros((1, 1)), np.ones((1, 1)), np.full((1, 1), weight), np.zeros(1))
    axis.plot(h[0, :, 0], marker=".", label=f"Wh = {weight}")
axis.set(xlabel="step", ylabel="hidden state")
axis.legend()

# %% [markdown]
# ## 2. Vectors for tokens
#
# Which letter gets how much gradient in one line of the tale? Letters that occur often learn fast.

# %%
text = load_text()
letters = letters_of(text)
line = encode(text[30:190], letters)[None]
out, cache = embedding_forward(line, np.zeros((len(letters), 1)))
counts = embedding_backward(np.ones_like(out), cache)[:, 0]
figure, axis = plt.subplots(figsize=(8, 2.3))
axis.bar(range(len(letters)), counts)
axis.set(xticks=range(len(letters)), ylabel="gradient of 1 each")
axis.set_xticklabels([repr(letter)[1:-1] for letter in letters], fontsize=7)

# %% [markdown]
# ## 3. One step of an LSTM
#
# The cell of one unit, when the gate that keeps is open, half open and shut.

# %%
figure, axis = plt.subplots(figsize=(6, 2.8))
for bias in (6.0, 2.0, 0.0, -2.0):
    h, c, cells = np.zeros((1, 1)), np.full((1, 1), 1.0), [1.0]
    for _ in range(20):
        b = np.array([-9.0, bias, 9.0, 0.0])  # nothing is let in, all is shown
        h, c, _ = lstm_step_forward(np.zeros((1, 1)), h, c, np.zeros((1, 4)), np.zeros((1, 4)), b)
        cells.append(float(c[0, 0]))
    axis.plot(cells, marker=".", label=f"forget gate {1 / (1 + np.exp(-bias)):.2f}")
axis.set(xlabel="step", ylabel="cell")
axis.legend()

# %% [markdown]
# ## 4. An LSTM
#
# How much of a gradient at the last step is left, many steps before? The plain network forgets, the LSTM
# with open gates does not.

# %%
T, H = 60, 16
x = rng.standard_normal((8, T, 4))
dh = np.zeros((8, T, H))
dh[:, -1] = rng.standard_normal((8, H))
figure, axis = plt.subplots(figsize=(6, 2.8))
Wx, Wh = rng.standard_normal((4, H)) / 2, 0.9 * np.linalg.qr(rng.standard_normal((H, H)))[0]
dx, *_ = rnn_backward(dh, rnn_forward(x, np.zeros((8, H)), Wx, Wh, np.zeros(H))[1])
axis.plot(np.linalg.norm(dx, axis=(0, 2)), label="plain")
for bias in (0.0, 2.0, 4.0):
    b = np.concatenate([np.zeros(H), np.full(H, bias), np.zeros(2 * H)])
    weights = rng.standard_normal((4, 4 * H)) / 2, rng.standard_normal((H, 4 * H)) / 8
    dx, *_ = lstm_backward(dh, lstm_forward(x, np.zeros((8, H)), *weights, b)[1])
    axis.plot(np.linalg.norm(dx, axis=(0, 2)), label=f"LSTM, bias of the forget gate {bias}")
axis.set(xlabel="step", ylabel="gradient of the input", yscale="log")
axis.legend(fontsize=7)

# %% [markdown]
# ## 5. What comes next
#
# A model of letters: vectors, an LSTM, scores. It has read nothing yet, so its loss is the logarithm of the
# number of letters.

# %%
inputs, targets = language_windows(encode(text, letters), length=32)
V, D, H = len(letters), 24, 96
print(f"{inputs.shape[0]} windows of {inputs.shape[1]} letters")
print(f"input  {decode(inputs[3], letters)!r}\ntarget {decode(targets[3], letters)!r}")


def new_model(rng):
    """Parameters of a model; the forget gate begins open."""
    b = np.zeros(4 * H)
    b[H : 2 * H] = 1.0
    return {
        "E": 0.3 * rng.standard_normal((V, D)),
        "Wx": rng.standard_normal((D, 4 * H)) / np.sqrt(D),
        "Wh": rng.standard_normal((H, 4 * H)) / np.sqrt(H),
        "b": b,
        "Wo": rng.standard_normal((H, V)) / np.sqrt(H),
        "bo": np.zeros(V),
    }


def model_loss(params, x, y):
    """Loss of a batch of windows and its gradients."""
    vectors, first = embedding_forward(x, params["E"])
    h, middle = lstm_forward(vectors, np.zeros((len(x), H)), params["Wx"], params["Wh"], params["b"])
    scores, last = affine_forward(h.reshape(-1, H), params["Wo"], params["bo"])
    loss, upstream = temporal_softmax_loss(scores.reshape(*x.shape, V), y, np.ones_like(y))
    dh, dWo, dbo = affine_backward(upstream.reshape(-1, V), last)
    dvectors, _, dWx, dWh, db = lstm_backward(dh.reshape(h.shape), middle)
    dE = embedding_backward(dvectors, first)
    return loss, {"E": dE, "Wx": dWx, "Wh": dWh, "b": db, "Wo": dWo, "bo": dbo}


params = new_model(rng)
print(f"loss {model_loss(params, inputs, targets)[0]:.3f}, log {V} = {np.log(V):.3f}")

# %% [markdown]
# Now it reads. Watch what `clip_gradients` does.

# %%
losses, norms = [], []
velocity = {name: np.zeros_like(value) for name, value in params.items()}
for _ in range(70):
    for rows in np.array_split(rng.permutation(len(inputs)), 6):
        loss, gradients = model_loss(params, inputs[rows], targets[rows])
        gradients, norm = clip_gradients(gradients, limit=0.5)
        for name, step in gradients.items():
            velocity[name] = 0.9 * velocity[name] - 0.15 * step
            params[name] = params[name] + velocity[name]
        losses.append(loss)
        norms.append(norm)
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8))
axes[0].plot(losses, linewidth=0.7)
axes[0].axhline(np.log(V), linestyle="--", color="gray", label="knows nothing")
axes[0].set(xlabel="batch", ylabel="loss")
axes[0].legend()
axes[1].plot(norms, linewidth=0.7)
axes[1].axhline(0.5, linestyle="--", color="gray", label="limit")
axes[1].set(xlabel="batch", ylabel="length of the gradients", yscale="log")
axes[1].legend()
figure.tight_layout()

# %% [markdown]
# ## 6. Writing


# %%
def read(token, state):
    """Scores of the next letter after reading one."""
    h, c = state or (np.zeros((1, H)), np.zeros((1, H)))
    h, c, _ = lstm_step_forward(params["E"][[token]], h, c, params["Wx"], params["Wh"], params["b"])
    return (h @ params["Wo"] + params["bo"])[0], (h, c)


for temperature in (0.3, 0.7, 1.5):
    tokens = generate(read, letters.index("T"), length=160, temperature=temperature, rng=rng)
    print(f"temperature {temperature}: T{decode(tokens, letters)}\n")

# %% [markdown]
# ## Experiment
#
# What does the network do when it reads? The hidden states of the eight most lively units, letter by letter.

# %%
sentence = "The wind said to the red lamp: who are you?"
vectors, _ = embedding_forward(encode(sentence, letters)[None], params["E"])
h, _ = lstm_forward(vectors, np.zeros((1, H)), params["Wx"], params["Wh"], params["b"])
units = np.argsort(-h[0].std(axis=0))[:8]
figure, axis = plt.subplots(figsize=(10, 2.6))
axis.imshow(h[0, :, units], cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
axis.set(xticks=range(len(sentence)), ylabel="unit")
axis.set_xticklabels(list(sentence))

# %% [markdown]
# How sure is it of each letter? Letters in the middle of a word are easy; where a word begins, there is a
# choice.

# %%
sureness, state = [], None
for place in range(len(sentence) - 1):
    scores, state = read(letters.index(sentence[place]), state)
    p = np.exp(scores - scores.max())
    sureness.append(p[letters.index(sentence[place + 1])] / p.sum())
figure, axis = plt.subplots(figsize=(10, 2.2))
axis.bar(range(1, len(sentence)), sureness)
axis.set(xticks=range(len(sentence)), ylabel="probability", ylim=(0, 1))
axis.set_xticklabels(list(sentence))
