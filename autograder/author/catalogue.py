"""What a wrong or right variant of a solution is, and the library text it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..source.definitions import lines_of


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong solution: one edit of the reference, or differently written code."""

    id: str  # of the catalogue: "D7-crop-minus-pad"
    task: str  # the task that must lose points, and the only one beside those that need it
    module: str  # library module it stands in: "conv"
    says: str  # the teaching assistant's sentence to the student
    old: str = ""  # text of the reference that is replaced; must occur exactly once
    new: str = ""  # text it is replaced by
    code: str = ""  # instead of an edit: definitions that replace those of the same name

    def apply(self, source: str) -> str:
        """Make the mistake.

        Args:
            source: Text of the library module.

        Returns:
            The text with the mistake in it.

        Raises:
            ValueError: `old` does not occur exactly once.
            SyntaxError: `source` or the mistake's code is no Python.
        """
        if self.code:
            return replace_definitions(source, self.code)
        if source.count(self.old) != 1:
            raise ValueError(f"{self.id}: old text occurs {source.count(self.old)} times in {self.module}.py")
        return source.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Variant:
    """A right solution written differently: it must keep full marks."""

    id: str  # "conv-loops"
    task: str  # task it rewrites
    module: str  # library module
    code: str  # definitions that replace those of the same name; imports and helpers may be added

    def apply(self, source: str) -> str:
        """Put the variant into its module.

        Args:
            source: Text of the library module.

        Returns:
            The text with the variant's definitions instead of those of the same name.

        Raises:
            SyntaxError: `source` or the variant's code is no Python.
        """
        return replace_definitions(source, self.code)


def rewritten(
    wrong: Iterable[Mistake], right: Iterable[Variant], edits: Iterable[tuple[str, str, str, str]]
) -> tuple[Mistake, ...]:
    """Make catalogued mistakes in differently written code: edits of right variants.

    Args:
        wrong: The mistakes of the assignment.
        right: Its variants.
        edits: (id of a mistake, id of a variant, old text of the variant, new text), one for each result.

    Returns:
        The same mistakes with the edited code of the variant instead of an edit of the reference.

    Raises:
        ValueError: An id is unknown, or the old text does not occur exactly once in the variant.
    """
    variants = {variant.id: variant for variant in right}
    mistakes = {(mistake.task, mistake.id): mistake for mistake in wrong}
    edited = []
    for mistake_id, variant_id, old, new in edits:
        variant = variants.get(variant_id)
        mistake = mistakes.get((variant.task, mistake_id)) if variant else None
        if variant is None or mistake is None or variant.code.count(old) != 1:
            raise ValueError(f"{mistake_id} in {variant_id}: unknown, or its old text does not occur once")
        code = variant.code.replace(old, new)
        edited.append(replace(mistake, old="", new="", code=code))
    return tuple(edited)


def replace_definitions(source: str, code: str) -> str:
    """Replace top-level definitions of `source` by those of the same name in `code`; add the others.

    Definitions are replaced where they stood, so that what follows them still finds them.

    Args:
        source: Text of a library module.
        code: Text with the functions and classes to put there, and what these import.

    Returns:
        The new text of the module.

    Raises:
        SyntaxError: One of the texts is no Python.
    """
    new = {
        node.name: node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    lines, code_lines = source.splitlines(), code.splitlines()
    rest = list(code_lines)
    for node in new.values():
        rest[_span(node)] = [""] * len(lines_of(node))
    replaced = set()
    for statement in reversed(ast.parse(source).body):
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name in new:
            lines[_span(statement)] = code_lines[_span(new[statement.name])]
            replaced.add(statement.name)
    added = [line for name in new.keys() - replaced for line in code_lines[_span(new[name])]]
    future = [i for i, line in enumerate(lines) if line.startswith("from __future__")]
    place = future[-1] + 1 if future else 0
    extra = [line for line in [*rest, *added] if line.strip()]
    return "\n".join([*lines[:place], *extra, *lines[place:]]) + "\n"


def _span(node: ast.stmt) -> slice:
    """Where the lines of a definition stand in a list of lines."""
    lines = lines_of(node)
    return slice(lines.start - 1, lines.stop - 1)
