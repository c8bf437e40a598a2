"""The public names of a package, read from its source: nothing is imported, and nothing can be missing.

Public is a name without a leading underscore, in a module without one.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a name stands for, in Sphinx' words for Python."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    DATA = "data"
    METHOD = "method"
    PROPERTY = "property"
    ATTRIBUTE = "attribute"


@dataclass(slots=True)
class Entry:
    """A public name with all that is said about it.

    Attributes
    ----------
    kind : Kind
    name : str
        Dotted, from the package on.
    before, signature : str
        What stands before the name (`class`, `classmethod`), and after it.
    doc : str
        Docstring without indentation, empty if there is none.
    members : list of Entry
        Of a module or a class, in their order.
    imported : dict
        Name in a module to what it imports under this name.
    exported : list of str
        `__all__` of a package.
    """

    kind: Kind
    name: str
    before: str = ""
    signature: str = ""
    doc: str = ""
    members: list[Entry] = field(default_factory=list)
    imported: dict[str, str] = field(default_factory=dict)
    exported: list[str] = field(default_factory=list)

    @property
    def short(self) -> str:
        """Last part of the name."""
        return self.name.rpartition(".")[2]


def read_packages(source: Path) -> dict[str, list[Entry]]:
    """Name of every package below a folder, itself a package, to its modules: the package first.

    Parameters
    ----------
    source : Path
        Folder of the package.

    Returns
    -------
    dict
        Packages and modules in alphabetic order.
    """
    found: dict[str, list[Entry]] = {}
    for file in sorted(source.rglob("*.py")):
        parts = (source.name, *file.relative_to(source).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        if any(part.startswith("_") for part in parts[:-1]) or (parts[-1].startswith("_") and not is_package):
            continue
        name = ".".join(parts[:-1] if is_package else parts)
        modules = found.setdefault(".".join(parts[:-1]), [])
        modules.insert(0 if is_package else len(modules), read_module(name, file.read_text("utf-8")))
    return found


def read_module(name: str, text: str) -> Entry:
    """Public names of a module, from its text."""
    tree = ast.parse(text)
    entry = Entry(Kind.MODULE, name, doc=ast.get_docstring(tree) or "")
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for item in node.names:
                entry.imported[item.asname or item.name] = f"{node.module}.{item.name}"
    entry.members = _members(tree.body, name, Kind.DATA)
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            entry.exported = list(ast.literal_eval(node.value))
    return entry


def _members(body: list[ast.stmt], owner: str, variable: Kind) -> list[Entry]:
    entries = []
    for node, after in zip(body, [*body, None][1:], strict=True):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            entries.append(_function(node, owner, variable is Kind.ATTRIBUTE))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            entries.append(_class(node, owner))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            entries += _variables(node, _string(after), owner, variable)
    # A property's setter has its name once more.
    return list({entry.name: entry for entry in reversed(entries)}.values())[::-1]


def _string(node: ast.stmt | None) -> str:
    """A string that stands alone: the docstring of the variable before it."""
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return "\n".join(line.strip() for line in node.value.value.strip().splitlines())
    return ""


def _variables(node: ast.Assign | ast.AnnAssign, doc: str, owner: str, kind: Kind) -> list[Entry]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    value = ast.unparse(node.value) if node.value is not None else ""
    # Abbreviations of array types are the same everywhere, and say nothing.
    if value.startswith("NDArray[") and not doc:
        return []
    signature = f": {ast.unparse(node.annotation)}" if isinstance(node, ast.AnnAssign) else ""
    if value and len(value) <= 60 and "\n" not in value and not value.startswith("field("):
        signature += f" = {value}"
    names = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    public = [name.id for name in names if not name.id.startswith("_") and isinstance(name.ctx, ast.Store)]
    one = len(public) == 1
    return [Entry(kind, f"{owner}.{name}", signature=signature if one else "", doc=doc) for name in public]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str, is_method: bool) -> Entry:
    name, doc = f"{owner}.{node.name}", ast.get_docstring(node) or ""
    decorators = {ast.unparse(item) for item in node.decorator_list}
    result = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    if decorators & {"property", "cached_property"}:
        return Entry(Kind.PROPERTY, name, "property ", result.replace(" -> ", ": "), doc)
    before = next((word for word in ("classmethod", "staticmethod") if word in decorators), "")
    words = arguments(node.args, skip_first=is_method and before != "staticmethod")
    kind = Kind.METHOD if is_method else Kind.FUNCTION
    return Entry(kind, name, f"{before} " if before else "", call(words, result), doc)


def _class(node: ast.ClassDef, owner: str) -> Entry:
    name, doc = f"{owner}.{node.name}", ast.get_docstring(node) or ""
    members = _members(node.body, name, Kind.ATTRIBUTE)
    is_data = any("dataclass" in ast.unparse(item) for item in node.decorator_list)
    makers = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
    if makers:
        signature = call(arguments(makers[0].args, skip_first=True))
    elif is_data:
        fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
        signature = call([ast.unparse(item) for item in fields if not _is_set_later(item)])
    else:
        signature = call([ast.unparse(base) for base in node.bases])
    entry = Entry(Kind.CLASS, name, "class ", signature, doc)
    # What the class' own Attributes say already, with no word of its own, is not said twice.
    told = {word.strip() for line in doc.splitlines() for word in line.partition(" : ")[0].split(",")}
    entry.members = [
        item for item in members if item.doc or item.kind != "attribute" or item.short not in told
    ]
    return entry


def _is_set_later(item: ast.AnnAssign) -> bool:
    """Whether a field of a dataclass is no argument."""
    text = ast.unparse(item)
    return "init=False" in text or text.startswith("_") or "ClassVar" in text


def arguments(args: ast.arguments, *, skip_first: bool) -> list[str]:
    """Arguments as they are typed, without the first (`self`) if so asked."""
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    words = [
        _argument(arg, value) for arg, value in zip(positional, [*defaults, *args.defaults], strict=True)
    ]
    if args.posonlyargs:
        words.insert(len(args.posonlyargs), "/")
    words = words[1:] if skip_first else words
    if args.vararg is not None:
        words.append("*" + ast.unparse(args.vararg))
    elif args.kwonlyargs:
        words.append("*")
    pairs = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    words += [_argument(arg, value) for arg, value in pairs]
    return [*words, "**" + ast.unparse(args.kwarg)] if args.kwarg is not None else words


def _argument(arg: ast.arg, default: ast.expr | None) -> str:
    text = ast.unparse(arg)
    if default is None:
        return text
    return (
        f"{text} = {ast.unparse(default)}" if arg.annotation is not None else f"{text}={ast.unparse(default)}"
    )


def call(words: list[str], result: str = "") -> str:
    """Arguments in brackets, one a line if they are long."""
    line = f"({', '.join(words)}){result}"
    if len(line) <= 70:
        return line
    return "(\n" + "".join(f"    {word},\n" for word in words) + f"){result}"
