"""Which environment variables Python source reads, by its syntax tree; nothing is imported or run.

Known are `os.environ` and `os.getenv` under any name they are imported or assigned as, the fields of pydantic-settings
classes, and the readers of environs, django-environ, python-decouple and Starlette. Names that a program puts together
while it runs can't be read from its source, and are not.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from launchready.parse.environment_reads import Read, SourceError

MENTIONS: Final = re.compile(r"environ|getenv|BaseSettings|decouple|\bEnv\b|starlette\.config")
"""A file without any of these words reads no variable that we would find; most files need no parsing."""

READERS: Final = {
    "environs": frozenset({"Env", "FileAwareEnv"}),
    "environ": frozenset({"Env", "FileAwareEnv"}),
    "decouple": frozenset({"config", "AutoConfig", "Config"}),
    "starlette.config": frozenset({"Config"}),
}
"""What each library's reader is called, by its module. decouple's `config` is one already; the others are called."""

_OF_READERS: Final = frozenset(
    {"str", "int", "bool", "float", "url", "list", "dict", "json", "decimal", "date", "datetime", "time", "timedelta"}
    | {"log_level", "path", "uuid", "enum", "db", "db_url", "dj_db_url", "cache", "cache_url", "email", "email_url"}
    | {"search_url", "channels", "tuple", "bytes", "get_value", "dj_email_url", "dj_cache_url"}
)
"""Methods of readers that take a variable's name first."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def reads_in_python(text: str) -> tuple[Read, ...]:
    """Every read of a variable whose name stands in the source, in the order of the lines.

    Raises:
        SourceError: Python can't parse it.
    """
    if not MENTIONS.search(text):
        return ()
    tree = _parsed(text)
    names = _names_in(tree)
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    found = [read for node in ast.walk(tree) for read in _reads_at(node, names, parents)]
    return tuple(sorted(set(found)))


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():  # of odd escapes in somebody else's texts, which are not our matter
            warnings.simplefilter("ignore")
            return ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError as wrong:
        raise SourceError(f"line {wrong.lineno or 1} is no Python that this version reads") from None
    except (ValueError, RecursionError, MemoryError):
        raise SourceError("it holds what no Python program does") from None


@dataclass(slots=True)
class _Names:
    """What the names of a file stand for."""

    modules: dict[str, str] = field(default_factory=dict)
    environs: set[str] = field(default_factory=set)
    getenvs: set[str] = field(default_factory=set)
    factories: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=lambda: {"BaseSettings"})


def _names_in(tree: ast.Module) -> _Names:
    names = _Names()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=imported):
                names.modules |= {alias.asname or alias.name: alias.name for alias in imported}
            case ast.ImportFrom(module=str(module), names=imported):
                for alias in imported:
                    _import(module, alias.name, alias.asname or alias.name, names)
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ):
                _assign(target, value, names)
            case ast.ClassDef(name=name, bases=bases) if any(_last(base) in names.settings for base in bases):
                names.settings.add(name)
    return names


def _import(module: str, name: str, known_as: str, names: _Names) -> None:
    if module == "os" and name in {"environ", "environb"}:
        names.environs.add(known_as)
    elif module == "os" and name == "getenv":
        names.getenvs.add(known_as)
    elif module == "decouple" and name == "config":
        names.readers.add(known_as)
    elif name in READERS.get(module, ()):
        names.factories.add(known_as)
    elif name == "BaseSettings":
        names.settings.add(known_as)


def _assign(target: str, value: ast.expr, names: _Names) -> None:
    if _is_environ(value, names):
        names.environs.add(target)
    elif isinstance(value, ast.Call) and _is_factory(value.func, names):
        names.readers.add(target)


def _is_environ(node: ast.expr, names: _Names) -> bool:
    match node:
        case ast.Name(id=name):
            return name in names.environs
        case ast.Attribute(value=ast.Name(id=module), attr="environ" | "environb"):
            return names.modules.get(module) == "os"
        case ast.Call(func=ast.Attribute(value=inner, attr="copy")) | ast.Call(func=ast.Name(id="dict"), args=[inner]):
            return _is_environ(inner, names)
        case _:
            return False


def _is_factory(node: ast.expr, names: _Names) -> bool:
    match node:
        case ast.Name(id=name):
            return name in names.factories
        case ast.Attribute(value=ast.Name(id=module), attr=attr):
            return attr in READERS.get(names.modules.get(module, ""), ()) and attr != "config"
        case _:
            return False


def _reads_at(node: ast.AST, names: _Names, parents: dict[ast.AST, ast.AST]) -> Iterator[Read]:
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if _is_environ(
            value, names
        ):
            yield from _read(node, name, has_fallback=_is_caught(node, parents))
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()], comparators=[value]):
            if _is_environ(value, names):
                yield from _read(node, name, has_fallback=True)
        case ast.Call(args=[ast.Constant(value=str(name)), *rest]) if _is_reading(node.func, names):
            yield from _read(node, name, has_fallback=_has_default(node, rest) or _is_asked(node, parents))
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _is_of_reader(node.func, names):
            prefix = _prefix_at(node, names, parents)
            yield from _read(node, prefix + name, has_fallback=_has_default(node, []) or _is_asked(node, parents))
        case ast.ClassDef(bases=bases) if any(_last(base) in names.settings for base in bases):
            yield from _fields_of(node)


def _read(node: ast.expr, name: str, *, has_fallback: bool) -> Iterator[Read]:
    if _NAME.fullmatch(name):
        yield Read(node.lineno, name, has_fallback)


def _is_reading(function: ast.expr, names: _Names) -> bool:
    """Whether it is `getenv`, or `get`, `pop` or `setdefault` of the environment."""
    match function:
        case ast.Name(id=name):
            return name in names.getenvs
        case ast.Attribute(value=ast.Name(id=module), attr="getenv"):
            return names.modules.get(module) == "os"
        case ast.Attribute(value=value, attr="get" | "pop" | "setdefault"):
            return _is_environ(value, names)
        case _:
            return False


def _is_of_reader(function: ast.expr, names: _Names) -> bool:
    match function:
        case ast.Name(id=name):
            return name in names.readers
        case ast.Attribute(value=ast.Name(id=name), attr=method):
            return name in names.readers and method in _OF_READERS
        case ast.Attribute(value=ast.Name(id=module), attr="config"):
            return names.modules.get(module) == "decouple"
        case _:
            return False


def _has_default(call: ast.Call, rest: list[ast.expr]) -> bool:
    """Whether another value is given, None not counted: with it the code goes on as without."""
    given = [*rest[:1], *(k.value for k in call.keywords if k.arg in {"default", "failobj"})]
    return any(not (isinstance(value, ast.Constant) and value.value is None) for value in given)


def _is_asked(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the value is only tested, or another one stands in where it is empty."""
    match parents.get(node):
        case ast.BoolOp(values=values):
            return values[-1] is not node
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.Call(func=ast.Name(id="bool")):
            return True
        case _:
            return False


def _is_caught(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether it stands in a `try` that catches KeyError."""
    here = node
    while here in parents:
        parent = parents[here]
        if isinstance(parent, ast.Try) and here in parent.body and any(_catches(h) for h in parent.handlers):
            return True
        here = parent
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last(kind) in {"KeyError", "LookupError", "Exception", "BaseException"} for kind in kinds)


def _prefix_at(node: ast.AST, names: _Names, parents: dict[ast.AST, ast.AST]) -> str:
    """What `with env.prefixed("APP_"):` puts before the name, the outermost first."""
    prefix, here = "", node
    while here in parents:
        here = parents[here]
        if isinstance(here, ast.With):
            prefix = "".join(_prefixes(here.items, names)) + prefix
    return prefix


def _prefixes(items: Iterable[ast.withitem], names: _Names) -> Iterator[str]:
    for item in items:
        match item.context_expr:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="prefixed"), args=[ast.Constant(value=str(prefix))]
            ) if name in names.readers:
                yield prefix


def _fields_of(settings: ast.ClassDef) -> Iterator[Read]:
    """The variables of a pydantic-settings class: the names of its fields in capitals, with the prefix, or aliases."""
    prefix = _setting(settings, "env_prefix")
    is_nested = _setting(settings, "env_nested_delimiter") != ""
    for statement in settings.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value) if name != "model_config":
                if name.startswith("_") or _last(kind) == "ClassVar":
                    continue
                aliases = _aliases(value)
                has_fallback = is_nested or len(aliases) > 1 or _has_field_default(value)
                for variable in aliases or (f"{prefix}{name}".upper(),):
                    yield from _read(statement.target, variable, has_fallback=has_fallback)


def _setting(settings: ast.ClassDef, wanted: str) -> str:
    """A text of `model_config = SettingsConfigDict(…)` or of an inner `class Config`; empty where it has none."""
    for node in ast.walk(settings):
        match node:
            case ast.keyword(arg=name, value=ast.Constant(value=str(text))) if name == wanted:
                return text
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))) if name == wanted:
                return text
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == wanted and isinstance(value, ast.Constant):
                        return str(value.value)
    return ""


def _aliases(value: ast.expr | None) -> tuple[str, ...]:
    """The names that `Field(alias=…)` gives in place of the field's own."""
    if not isinstance(value, ast.Call) or _last(value.func) != "Field":
        return ()
    given = [k.value for k in value.keywords if k.arg in {"validation_alias", "env"}]
    given = given or [k.value for k in value.keywords if k.arg == "alias"]
    texts = [node.value for one in given for node in ast.walk(one) if isinstance(node, ast.Constant)]
    return tuple(text for text in texts if isinstance(text, str))


def _has_field_default(value: ast.expr | None) -> bool:
    if value is None or _is_ellipsis(value):
        return False
    if not isinstance(value, ast.Call) or _last(value.func) != "Field":
        return True
    is_given = bool(value.args) and not _is_ellipsis(value.args[0])
    return is_given or any(
        k.arg in {"default", "default_factory"} and not _is_ellipsis(k.value) for k in value.keywords
    )


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _last(node: ast.expr) -> str:
    """The last part of a dotted name, with what it is subscripted by left out."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Call(func=value):
            return _last(value)
        case _:
            return ""
