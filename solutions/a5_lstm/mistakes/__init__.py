"""Wrong and right solutions of a5_lstm."""

from __future__ import annotations

from autograder.author import rewritten as make

from . import language, lstm, rewritten, right_language, right_layers, rnn

WRONG = (*rnn.WRONG, *lstm.WRONG, *language.WRONG)
RIGHT = (*right_layers.RIGHT, *right_language.RIGHT)
REWRITTEN = make(WRONG, RIGHT, rewritten.EDITS)
