"""Finds the operation of a method and a path, segment by segment.

Knows segments, methods and the places of operations in a sequence; not what an operation is.

Tolerant of letter case, doubled and trailing slashes (captured: clients send them, the server writes them itself). A
literal beats a number, a number beats a text. That a segment which is no number finds no path where a number belongs
is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.catalogue.errors import MethodNotSupported, RouteNotFound

TEXT_PARAMETERS = frozenset(
    {"reportName", "memberIdentifier", "catalogItemIdentifier", "ssoid", "externalId", "notifyResource"}
)

# An id of more digits fits no 64-bit column, so it can name no record.
MOST_DIGITS = 18


class Node:
    """What may follow one prefix of a path."""

    __slots__ = ("literals", "number", "operations", "text")

    def __init__(self) -> None:
        self.literals: dict[str, Node] = {}
        self.number: Node | None = None
        self.text: Node | None = None
        self.operations: dict[str, int] = {}


def number_of(segment: str) -> int | None:
    """The id a segment spells, or None."""
    digits = segment[1:] if segment[:1] == "-" else segment
    if digits.isdigit() and digits.isascii() and len(digits) <= MOST_DIGITS:
        return int(segment)
    return None


class Trie:
    """All published paths, folded by common prefixes."""

    def __init__(self) -> None:
        self._root = Node()
        self._nodes = {"": self._root}

    def add(self, method: str, path: str, place: int) -> None:
        """Enter the operation at `place`; raises ValueError where the method and shape are taken already."""
        if self._node(path).operations.setdefault(method, place) != place:
            raise ValueError(f"two operations for {method} {path}")

    def _node(self, path: str) -> Node:
        """The node of a published path, made where it is missing."""
        node = self._nodes.get(path)
        if node is None:
            folder, _, segment = path.rpartition("/")
            above = self._node(folder)
            if segment[0] != "{":
                node = above.literals.setdefault(segment.lower(), Node())
            elif segment[1:-1] in TEXT_PARAMETERS:
                node = above.text = above.text or Node()
            else:
                node = above.number = above.number or Node()
            self._nodes[path] = node
        return node

    def find(self, method: str, path: str) -> tuple[int, tuple[int | str, ...]]:
        """The place of the operation of `method` on `path`, and the ids of the path from left to right.

        Raises RouteNotFound, or MethodNotSupported naming the methods there are.
        """
        node = self._root
        ids: list[int | str] = []
        for segment in path.split("/"):
            if not segment:
                continue
            literals = node.literals
            following = literals.get(segment) or literals.get(segment.lower())
            if following is None:
                number = number_of(segment) if node.number is not None else None
                following = node.text if number is None else node.number
                if following is None:
                    return self._search(method, path)
                ids.append(segment if number is None else number)
            node = following
        place = node.operations.get(method)
        return self._search(method, path) if place is None else (place, tuple(ids))

    def _search(self, method: str, path: str) -> tuple[int, tuple[int | str, ...]]:
        """Try every reading of the path, in order of preference, where the first one led nowhere."""
        allowed: set[str] = set()
        for node, ids in _readings(self._root, [segment for segment in path.split("/") if segment], ()):
            place = node.operations.get(method)
            if place is not None:
                return place, ids
            allowed.update(node.operations)
        if allowed:
            raise MethodNotSupported(method, path, tuple(sorted(allowed)))
        raise RouteNotFound(path)


def _readings(
    node: Node, segments: list[str], ids: tuple[int | str, ...]
) -> Iterator[tuple[Node, tuple[int | str, ...]]]:
    if not segments:
        yield node, ids
        return
    head, rest = segments[0], segments[1:]
    literal = node.literals.get(head.lower())
    if literal is not None:
        yield from _readings(literal, rest, ids)
    number = number_of(head) if node.number is not None else None
    if node.number is not None and number is not None:
        yield from _readings(node.number, rest, (*ids, number))
    if node.text is not None:
        yield from _readings(node.text, rest, (*ids, head))
