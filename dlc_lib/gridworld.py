"""A world of squares to walk in: states, actions and rewards for learning by trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # action 0 goes up, 1 right, 2 down, 3 left


@dataclass(frozen=True)
class GridWorld:
    """A map of letters: "G" goal, "X" pit, "#" wall, "." floor.

    State s is square (s // columns, s % columns). A step into a wall or off the map leads nowhere: the
    state stays. Each step costs `cost`; reaching the goal pays 1 and the pit −1 on top, and ends the walk.
    """

    rows: tuple[str, ...]
    cost: float = 0.04

    @property
    def states(self) -> int:
        """Number of squares, walls among them."""
        return len(self.rows) * len(self.rows[0])

    @property
    def actions(self) -> int:
        """Number of actions: 4."""
        return len(MOVES)

    def letter(self, state: int) -> str:
        """What the map shows at a state."""
        return self.rows[state // len(self.rows[0])][state % len(self.rows[0])]

    def reset(self, rng: np.random.Generator) -> int:
        """A floor square to start on, each as likely as any other."""
        floor = [state for state in range(self.states) if self.letter(state) == "."]
        return floor[int(rng.integers(len(floor)))]

    def step(self, state: int, action: int) -> tuple[int, float, bool]:
        """Next state, reward, and whether the walk is over."""
        columns = len(self.rows[0])
        row, column = state // columns + MOVES[action][0], state % columns + MOVES[action][1]
        inside = 0 <= row < len(self.rows) and 0 <= column < columns
        after = row * columns + column if inside and self.rows[row][column] != "#" else state
        prize = {"G": 1.0, "X": -1.0}.get(self.letter(after), 0.0)
        return after, prize - self.cost, prize != 0.0
