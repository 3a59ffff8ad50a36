"""Builds the data files of mockcw.catalogue from a published list of operations and models and two permission sheets.

    build_catalogue.py API_JSON SECURITY_OPERATIONS_JSON SECURITY_AREAS_JSON [OUT_DIR]

The inputs are not part of the project; their facts, corrected by errata.toml, are. Equal inputs give equal files.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockcw.catalogue.operations import ACTIONS, LIST_QUERY, collection_of, name_of

DATA = Path(__file__).resolve().parent.parent / "mockcw" / "catalogue" / "data"
PARAMETER = re.compile(r"\{(\w+)\}")
RECORD_KEYS = ("id", "parentId", "memberIdentifier")  # parameters that name one record of the folder before them
LETTER = {action: letter for letter, action in ACTIONS.items()}
FLAGS = (
    ("required", "!"),
    ("requiredOnUpdate", "~"),
    ("nullable", "?"),
    ("readOnly", "-"),
    ("createOnly", "^"),
    ("unanswered", ">"),
)
SCALARS = {"string": "s", "integer": "i", "number": "n", "boolean": "b", "object": "o"}


class BuildError(Exception):
    """The inputs and the hand-written files do not fit together."""


@dataclass(slots=True)
class Row:
    """One operation on its way from the published list to operations.tsv."""

    method: str
    published: str
    path: str
    tag: str
    name: str
    query: str
    body: str
    returns: str
    permission: str = ""
    verb: str = "action"
    collection: str = ""
    parents: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Errata:
    """The entries of errata.toml; remembers which of them changed something."""

    entries: Mapping[str, list[dict[str, Any]]]
    used: set[int] = field(default_factory=set)

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        yield from self.entries.get(kind, [])

    def mark(self, entry: dict[str, Any]) -> None:
        self.used.add(id(entry))

    def unused(self) -> list[dict[str, Any]]:
        return [entry for kind in self.entries.values() for entry in kind if id(entry) not in self.used]

    def path(self, published: str) -> str:
        """The path as it is served."""
        path = published
        for entry in self.of("path"):
            if path == entry["published"]:
                path = entry["served"]
                self.mark(entry)
        for entry in self.of("ending"):
            if path.endswith(entry["published"]):
                path = path[: -len(entry["published"])] + entry["served"]
                self.mark(entry)
        for entry in self.of("parameter"):
            changed = path.replace("{" + entry["published"] + "}", "{" + entry["served"] + "}")
            if changed != path:
                path = changed
                self.mark(entry)
        for entry in self.of("folder"):
            if (path + "/").startswith(entry["published"] + "/"):
                path = entry["served"] + path[len(entry["published"]) :]
                self.mark(entry)
        return path

    def fields(self, schemas: Mapping[str, dict[str, Any]]) -> None:
        """Add what the published models lack of their fields, and fields that they lack altogether."""
        for entry in self.of("added"):
            fields = schemas[entry["model"]]
            if entry["field"] in fields:
                raise BuildError(f"added already: {entry}")
            place = list(fields).index(entry["after"]) + 1
            tail = [(name, fields.pop(name)) for name in list(fields)[place:]]
            fields[entry["field"]] = {"text": entry["as"]}
            fields.update(tail)
            self.mark(entry)
        for entry in self.of("fields"):
            models = list(schemas) if entry["models"] == ["*"] else entry["models"]
            for name in entry["names"]:
                found = [schemas[model][name] for model in models if name in schemas.get(model, {})]
                if not found or len(found) < len(models) and entry["models"] != ["*"]:
                    raise BuildError(f"no field {name} in a model of {entry}")
                for spec in found:
                    spec[entry["is"]] = entry.get("value", True)
            self.mark(entry)

    def columns(self, rows: Mapping[str, Row]) -> None:
        """Correct single columns."""
        for entry in self.of("column"):
            row = rows.get(entry["operation"])
            if row is not None and getattr(row, entry["column"]) == entry["published"]:
                setattr(row, entry["column"], entry["served"])
                self.mark(entry)


def read_pairs(name: str) -> dict[str, str]:
    """A hand-written file of two columns."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return dict(line.split("\t")[:2] for line in lines if line and line[0] != "#")


def published_type(value: Any) -> str:
    """A body or returns value as its column."""
    return f"[{value[0]}]" if isinstance(value, list) else value or ""


def query_column(value: Any) -> str:
    """Query names as their column."""
    if not isinstance(value, list):
        return str(value or "")
    extra = sorted(set(value) - set(LIST_QUERY))
    return " ".join(["list", *extra]) if set(LIST_QUERY) <= set(value) else " ".join(sorted(value))


def read_rows(api: Mapping[str, Any], errata: Errata) -> list[Row]:
    """Every operation with its path corrected."""
    rows = []
    for one in api["operations"]:
        body = "form " + " ".join(one["form"]) if "form" in one else published_type(one.get("body"))
        rows.append(
            Row(
                method=one["method"],
                published=one["path"],
                path=errata.path(one["path"]),
                tag=one["tag"],
                name=one["operation"],
                query=query_column(one.get("query")),
                body=body,
                returns=published_type(one.get("returns")),
            )
        )
    errata.columns({row.key: row for row in rows})
    return rows


def check_spelling(rows: list[Row]) -> None:
    """No folder may be left with two spellings, no parameter with an odd one."""
    seen: dict[str, str] = {}
    for row in rows:
        segments = row.path.split("/")[1:]
        for end, segment in enumerate(segments, 1):
            if "{" in segment and not PARAMETER.fullmatch(segment):
                raise BuildError(f"odd parameter in {row.key}")
            folder = PARAMETER.sub("{}", "/" + "/".join(segments[:end]))
            if seen.setdefault(folder.lower(), folder) != folder:
                raise BuildError(f"two spellings: {folder} and {seen[folder.lower()]}")


def info_twin(row: Row, aliases: Mapping[str, str]) -> tuple[str, str] | None:
    """Verb and folder of an operation on a lighter twin, or None."""
    path = row.path
    for ending, verb in (
        ("/{id}/info", "info_get"),
        ("/info/{id}", "info_get"),
        ("/info/count", "info_count"),
        ("/count/info", "info_count"),
    ):
        if path.endswith(ending):
            return verb, path.removesuffix(ending)
    if path.endswith("/info"):
        return "info_list", path.removesuffix("/info")
    for ending, verb in (
        ("/{id}", "info_get"),
        ("/{memberIdentifier}", "info_get"),
        ("/count", "info_count"),
        ("", "info_list"),
    ):
        folder = path.removesuffix(ending)
        if path.endswith(ending) and folder in aliases and "/info/" in folder:
            return verb, folder
    return None


class Shapes:
    """Decides verb, collection and parents of every operation from its shape."""

    def __init__(self, rows: list[Row], aliases: Mapping[str, str]):
        self.aliases = aliases
        self.returns = {row.path: row.returns for row in rows if row.method == "GET"}
        self.listed = {
            path: returns[1:-1]
            for path, returns in self.returns.items()
            if re.match(r"\[(?!Usage|map)", returns) and not path.endswith("}") and not self.is_twin(path)
        }
        self.keys = {PARAMETER.sub("{}", key): key for key in self.listed}
        self.infos: dict[str, str] = {}

    def is_twin(self, path: str) -> bool:
        """Whether a list is the lighter twin of another, listed, collection."""
        folder = path.removesuffix("/info") if path.endswith("/info") else path
        target = self.aliases.get(folder, folder)
        return target != path and self.returns.get(target, "").startswith("[")

    def decide(self, row: Row) -> None:
        """Fill in verb and collection."""
        row.verb, row.collection = self.verb(row)
        if row.verb == "action":
            row.collection = self.enclosing(row.path)
        if row.verb in ("info_get", "info_list"):
            self.infos.setdefault(row.collection, row.returns.strip("[]"))

    def verb(self, row: Row) -> tuple[str, str]:
        """The verb of an operation and the key of the collection it addresses."""
        twin = info_twin(row, self.aliases) if row.method == "GET" else None
        if twin:
            key = self.aliases.get(twin[1], twin[1])
            if key in self.listed:
                return twin[0], key
            if key + "/info" in self.listed:
                return twin[0].removeprefix("info_"), key + "/info"
        folder, _, last = row.path.rpartition("/")
        item = PARAMETER.fullmatch(last)
        if item:
            return (self.item_verb(row, folder), folder) if item[1] in RECORD_KEYS else ("action", "")
        if row.method == "GET":
            return self.reading_verb(row, folder, last)
        if row.method == "POST" and last == "search" and folder in self.listed:
            return "search", folder
        if last == "bulk" and folder in self.listed:
            return {"POST": "bulk_create", "PUT": "bulk_replace", "DELETE": "bulk_delete"}[row.method], folder
        if row.method == "POST" and row.body and self.listed.get(row.path) == row.body == row.returns:
            return "create", row.path
        return "action", ""

    def item_verb(self, row: Row, folder: str) -> str:
        """The verb of an operation on one record."""
        model = self.listed.get(folder)
        shape = {
            "GET": ("get", row.returns == model),
            "PUT": ("replace", row.body == row.returns == model),
            "PATCH": ("patch", row.body == "[PatchOperation]" and row.returns == model),
            "DELETE": ("delete", not row.body and row.returns in ("", model)),
        }.get(row.method)
        return shape[0] if model and shape and shape[1] else "action"

    def reading_verb(self, row: Row, folder: str, last: str) -> tuple[str, str]:
        """The verb of a GET whose path ends in a word."""
        usages = re.fullmatch(r"(.*)/\{id\}/usages(/list)?", row.path)
        if usages:
            key = self.aliases.get(usages[1], usages[1])
            if key in self.listed:
                return "usages_list" if usages[2] else "usages", key
        if last == "count" and row.returns == "Count" and folder in self.listed:
            return "count", folder
        if last == "default" and row.returns == self.listed.get(folder):
            return "default", folder
        return ("list", row.path) if row.path in self.listed else ("action", "")

    def enclosing(self, path: str) -> str:
        """The collection nearest to an action: the longest beginning of its path that is one, or ""."""
        while path.count("/") > 1:
            key = self.key_of(path)
            if key:
                return key
            path = path.rpartition("/")[0]
        return ""

    def key_of(self, folder: str) -> str:
        """The key of the collection that a folder stands for, whatever its parameters are called, or ""."""
        return self.keys.get(PARAMETER.sub("{}", self.aliases.get(folder, folder)), "")

    def parents(self, key: str) -> tuple[str, ...]:
        """The collections that the ids in a key belong to, outermost first."""
        found = tuple(self.key_of(key[: parameter.start() - 1]) for parameter in PARAMETER.finditer(key))
        if not all(found):
            raise BuildError(f"no collection for an id in {key}")
        return found


def attach_permissions(rows: list[Row], sheet: list[dict[str, Any]], errata: Errata) -> list[str]:
    """Give every operation its row; returns the lines of permissions.tsv."""
    renamed = {entry["published"]: entry for entry in errata.of("permission")}
    by_operation: dict[str, dict[str, Any]] = {}
    for one in sheet:
        entry = renamed.get(one["op"])
        if entry:
            errata.mark(entry)
        by_operation[entry["served"] if entry else one["op"]] = one
    wordings = read_pairs("notes.tsv")
    keys: dict[tuple[str, ...], str] = {}
    for row in rows:
        found = by_operation.get(f"{row.method} {row.published}") or by_operation.get(row.key)
        if found is None:
            raise BuildError(f"no permission row for {row.key}")
        area = reword(found["area"], wordings) if found["area"].startswith("(") else found["area"]
        note = reword(found["note"], wordings)
        gate = (found["module"] or "", area, found["setup_table"] or "", found["confidence"], note)
        row.permission = keys.setdefault(gate, f"p{len(keys) + 1}") + LETTER[found["action"]]
    return ["\t".join((key, *gate)) for gate, key in keys.items()]


def reword(text: str, wordings: Mapping[str, str]) -> str:
    """A remark of the permission sheet in this project's words."""
    said = [wording for fragment, wording in wordings.items() if fragment in text]
    if text and not said:
        raise BuildError(f"notes.tsv has no wording for: {text}")
    return "; ".join(said)


def field_text(name: str, spec: Mapping[str, Any]) -> str:
    """One field as models.tsv writes it."""
    if "text" in spec:
        return f"{name}:{spec['text']}"
    text = f"{name}:{type_text(spec)}"
    if "enum" in spec:
        text += "(" + "|".join(spec["enum"]) + ")"
    if "maxLength" in spec:
        text += f"<{spec['maxLength']}"
    text += "".join(mark for key, mark in FLAGS if spec.get(key))
    return text + (f"={spec['default']}" if "default" in spec else "")


def type_text(spec: Mapping[str, Any] | str) -> str:
    """The type of a field, an element or a map's value."""
    if isinstance(spec, str):
        return SCALARS[spec]
    if "ref" in spec:
        return f"@{spec['ref']}"
    if "items" in spec:
        return "[" + type_text(spec["items"])
    if "additional" in spec:
        return "{" + type_text(spec["additional"])
    if not spec:
        return "*"
    if spec.get("format") not in (None, "date-time"):
        raise BuildError(f"unknown format {spec['format']}")
    return "d" if spec.get("format") else SCALARS[spec["type"]]


def area_line(area: Mapping[str, Any]) -> str:
    """One line of areas.tsv."""
    words = re.findall(r"\w+", f"{area['module']} {area['area']}".replace("&", "And"))
    key = "".join(word[0].upper() + word[1:] for word in words)
    cells = ["".join(level[0] for level in area["levels"][action]) for action in ("add", "edit", "delete", "inquire")]
    mark = "assumed" if area["level_basis"].startswith("levels assumed") else "documented"
    return "\t".join((key, area["module"], area["area"], *cells, mark, area["customize"] or "", area["confidence"]))


def operation_line(row: Row) -> str:
    """One line of operations.tsv."""
    collection = "" if row.collection == collection_of(row.verb, row.path) else row.collection
    name = "" if row.name == name_of(row.method, row.path) else row.name
    return "\t".join(
        (row.method, row.path, row.tag, row.verb, row.query, row.body, row.returns, row.permission, collection, name)
    )


def write(path: Path, head: str, lines: list[str]) -> None:
    """Write one generated file."""
    path.write_text("\n".join([f"# Generated by .ci/build_catalogue.py. {head}", *lines, ""]), "utf-8", newline="\n")
    print(f"{path.name}: {len(lines)} lines, {path.stat().st_size} bytes")


def build(api: Mapping[str, Any], sheet: list[dict[str, Any]], areas: list[dict[str, Any]], out: Path) -> None:
    """Write all generated files to `out`."""
    if tuple(api["listQuery"]) != LIST_QUERY:
        raise BuildError("the names in listQuery changed")
    errata = Errata(tomllib.loads((DATA / "errata.toml").read_text("utf-8")))
    aliases = read_pairs("aliases.tsv")
    rows = read_rows(api, errata)
    errata.fields(api["schemas"])
    check_spelling(rows)
    permissions = attach_permissions(rows, sheet, errata)
    shapes = Shapes(rows, aliases)
    for row in rows:
        shapes.decide(row)
    if errata.unused():
        raise BuildError(f"errata that match nothing: {errata.unused()}")
    views = read_pairs("views.tsv")
    if lost := set(views) - set(shapes.listed) | {
        source for source in views.values() if source not in shapes.listed
    } - {"-"}:
        raise BuildError(f"views.tsv names no collection: {sorted(lost)}")
    collections = [
        "\t".join((key, model, shapes.infos.get(key, ""), views.get(key, ""), " ".join(shapes.parents(key))))
        for key, model in shapes.listed.items()
    ]
    models = [
        name + "\t" + " ".join(field_text(*one) for one in fields.items()) for name, fields in api["schemas"].items()
    ]
    write(
        out / "operations.tsv",
        f"Surface {api['version']}; columns: mockcw/catalogue/operations.py.",
        list(map(operation_line, rows)),
    )
    write(
        out / "collections.tsv",
        "Key, model, model of the info twin, what it is a view of, collections of the enclosing ids.",
        collections,
    )
    write(out / "models.tsv", "Notation: mockcw/catalogue/models.py.", models)
    write(out / "permissions.tsv", "Key, module, area, setup table, confidence, note.", permissions)
    write(
        out / "areas.tsv",
        "Key (assumed), module, area, levels of add, edit, delete, inquire, mark, customize id, confidence.",
        list(map(area_line, areas)),
    )


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    if len(arguments) not in (3, 4):
        print(
            "usage: build_catalogue.py API_JSON SECURITY_OPERATIONS_JSON SECURITY_AREAS_JSON [OUT_DIR]", file=sys.stderr
        )
        return 2
    api, sheet, areas = (json.loads(Path(argument).read_text("utf-8")) for argument in arguments[:3])
    try:
        build(api, sheet, areas, Path(arguments[3]) if len(arguments) == 4 else DATA)
    except BuildError as error:
        print(f"build_catalogue: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
