"""Which environment variables JavaScript and TypeScript read, by their syntax tree; nothing is run.

The grammar is tree-sitter's for TypeScript and TSX, which take JavaScript and JSX too and go on behind what they don't
know. Known are `process.env`, `import.meta.env`, `Bun.env`, `Deno.env.get`, their destructuring, the names they are
assigned to, and the modules of SvelteKit and Astro that stand for them. Names that a program puts together while it
runs can't be read from its source, and are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from launchready.parse.environment_reads import Read, SourceError

MENTIONS: Final = re.compile(r"\benv\b")
"""A file without this word reads no variable; most files need no parsing."""

STATIC_MODULES: Final = frozenset({"$env/static/private", "$env/static/public", "astro:env/server", "astro:env/client"})
"""Modules whose exports are variables (SvelteKit, Astro)."""

DYNAMIC_MODULES: Final = frozenset({"$env/dynamic/private", "$env/dynamic/public", "process", "node:process"})
"""Modules whose export `env` holds all of them."""

BUILT_IN: Final = frozenset({"MODE", "BASE_URL", "PROD", "DEV", "SSR", "SITE", "ASSETS_PREFIX", "LEGACY"})
"""What Vite and Astro put into `import.meta.env` themselves."""

_ENVIRONMENTS: Final = frozenset(
    {"process.env", "globalThis.process.env", "global.process.env", "window.process.env", "import.meta.env", "Bun.env"}
)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CAPITALS: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_SCRIPT: Final = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_FRONT: Final = re.compile(r"\A\s*---\n(.*?)\n---", re.DOTALL)
_OTHER_TYPE: Final = re.compile(r"\btype\s*=\s*[\"'](?!module|text/(?:java|type)script)", re.IGNORECASE)

_OBJECTS: Final = """
((member_expression property: (property_identifier) @word) @found (#eq? @word "env"))
(import_statement) @found
"""
_IDENTIFIERS: Final = "(identifier) @found"
_DECLARATORS: Final = "(variable_declarator) @found"
_WRAPPERS: Final = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
)
_TESTS: Final = frozenset({"if_statement", "while_statement", "do_statement"})
_OPTIONAL: Final = re.compile(r"\.(?:optional|nullish|default|catch)\(|\b(?:devDefault|default)\s*:")
"""How schemas of zod and envalid say that a variable may be absent."""


def reads_in_javascript(text: str, *, is_plain_typescript: bool = False) -> tuple[Read, ...]:
    """Every read of a variable whose name stands in the source, in the order of the lines.

    Args:
        text: The source.
        is_plain_typescript: Whether it is of a `.ts` file, in which `<T>x` is a type and never an element.

    Raises:
        SourceError: a part of it is in no grammar that we know, so that a read could hide in it.
    """
    if not MENTIONS.search(text):
        return ()
    return tuple(sorted(set(_Script.parsed(text, is_plain_typescript=is_plain_typescript).reads())))


def reads_in_component(text: str) -> tuple[Read, ...]:
    """The reads of a component in one file (Vue, Svelte, Astro): of its scripts and front matter.

    Raises:
        SourceError: a script is in no grammar that we know, or the markup around the scripts mentions an environment.
    """
    found: list[Read] = []
    markup = text
    for block in (*_FRONT.finditer(text), *_SCRIPT.finditer(text)):
        code, start = block[block.lastindex or 0], block.start(block.lastindex or 0)
        markup = markup.replace(code, "")
        if not _OTHER_TYPE.search(block[1]) or block.lastindex == 1:
            found += [
                Read(r.line + text.count("\n", 0, start), r.name, r.has_fallback) for r in reads_in_javascript(code)
            ]
    if any(name in markup for name in _ENVIRONMENTS):
        raise SourceError("its markup reads an environment, which this version does not follow")
    return tuple(sorted(set(found)))


@cache
def _languages() -> tuple[Language, Language]:
    """TSX, and TypeScript without elements."""
    return Language(tree_sitter_typescript.language_tsx()), Language(tree_sitter_typescript.language_typescript())


@cache
def _query(language: Language, text: str) -> Query:
    return Query(language, text)


@dataclass(frozen=True, slots=True)
class _Script:
    """A syntax tree and its language."""

    root: Node
    language: Language

    @classmethod
    def parsed(cls, text: str, *, is_plain_typescript: bool) -> "_Script":
        source = text.encode("utf-8", errors="replace")
        likely, other = reversed(_languages()) if is_plain_typescript else _languages()
        for language in (likely, other):
            root = Parser(language).parse(source).root_node
            if not root.has_error:
                return cls(root, language)
        raise SourceError(f"line {_first_error(root)} is no code that this version reads")

    def find(self, query: str) -> list[Node]:
        """The nodes that a query captures, in the order of the source."""
        captured = QueryCursor(_query(self.language, query)).captures(self.root)
        return sorted(captured.get("found", []), key=lambda node: node.start_byte)

    def reads(self) -> Iterator[Read]:
        aliases: set[str] = set()
        for node in self.find(_OBJECTS):
            if node.type == "import_statement":
                yield from _imported(node, aliases)
            elif _text(node) in _ENVIRONMENTS or _text(node).replace("?.", ".") in _ENVIRONMENTS:
                yield from self.of_object(node, aliases)
            elif _text(node) == "Deno.env":
                yield from _of_deno(node)
        for node in self.find(_IDENTIFIERS) if aliases else ():
            if _text(node) in aliases:
                yield from (read for read in self.of_object(node, set()) if _CAPITALS.fullmatch(read.name))

    def of_object(self, node: Node, aliases: set[str]) -> Iterator[Read]:
        """The reads of an expression that is an environment; a name that it is assigned to goes to `aliases`."""
        whole = _unwrapped(node)
        parent = whole.parent
        if parent is None:
            return
        match parent.type:
            case "member_expression" | "subscript_expression" if parent.child_by_field_name("object") == whole:
                yield from _of_access(parent, is_vite=_text(node).startswith("import.meta"))
            case "variable_declarator" if parent.child_by_field_name("value") == whole:
                yield from _of_target(parent.child_by_field_name("name"), aliases)
            case "assignment_expression" if parent.child_by_field_name("right") == whole:
                yield from _of_target(parent.child_by_field_name("left"), aliases)
            case "binary_expression" if _operator(parent) == "in" and parent.child_by_field_name("right") == whole:
                yield from _read(node, _constant(parent.child_by_field_name("left")), has_fallback=True)
            case "arguments":
                yield from self.of_schema(parent)

    def of_schema(self, arguments: Node) -> Iterator[Read]:
        """The keys of a schema that an environment is held against: envalid's and zod's."""
        call = arguments.parent
        function = call.child_by_field_name("function") if call is not None else None
        if function is None:
            return
        if _text(function).rpartition(".")[2] == "cleanEnv":
            yield from _keys(arguments.named_children[1] if arguments.named_child_count > 1 else None)
        elif _text(function).rpartition(".")[2] in {"parse", "safeParse", "parseAsync"}:
            yield from _keys(self.shape_of(function.child_by_field_name("object")))

    def shape_of(self, schema: Node | None) -> Node | None:
        """The object of `z.object({…})`, written in place or assigned to a name."""
        if schema is not None and schema.type == "identifier":
            name = _text(schema)
            schema = next(
                (d.child_by_field_name("value") for d in self.find(_DECLARATORS) if _field(d, "name") == name), None
            )
        while schema is not None and schema.type == "call_expression":
            function, given = schema.child_by_field_name("function"), schema.child_by_field_name("arguments")
            if function is None or given is None:
                return None
            if _field(function, "property") in {"object", "strictObject", "looseObject"} and given.named_children:
                return given.named_children[0]
            schema = function.child_by_field_name("object")
        return None


def _imported(statement: Node, aliases: set[str]) -> Iterator[Read]:
    source = _constant(statement.child_by_field_name("source"))
    if source not in STATIC_MODULES | DYNAMIC_MODULES:
        return
    stack = list(statement.children)
    while stack:
        node = stack.pop()
        if node.type != "import_specifier":
            stack += node.children
        elif source in STATIC_MODULES:
            yield from _read(node, _field(node, "name"), has_fallback=False)
        elif _field(node, "name") == "env":
            aliases.add(_field(node, "alias") or "env")


def _of_access(node: Node, *, is_vite: bool) -> Iterator[Read]:
    """One read such as `process.env.NAME` or `process.env["NAME"]`; writing and deleting are none."""
    name = _field(node, "property") or _constant(node.child_by_field_name("index"))
    if is_vite and name in BUILT_IN:
        return
    whole = _unwrapped(node)
    parent = whole.parent
    match parent.type if parent is not None else "":
        case "assignment_expression" if parent is not None and parent.child_by_field_name("left") == whole:
            return
        case "unary_expression" if parent is not None and _operator(parent) == "delete":
            return
        case "call_expression" if parent is not None and parent.child_by_field_name("function") == whole:
            return
    yield from _read(node, name, has_fallback=_is_asked(whole))


def _of_deno(node: Node) -> Iterator[Read]:
    """`Deno.env.get("NAME")` and `.has("NAME")`."""
    method = node.parent
    call = method.parent if method is not None else None
    if method is None or call is None or call.type != "call_expression":
        return
    given = call.child_by_field_name("arguments")
    if given is not None and given.named_children and _field(method, "property") in {"get", "has"}:
        is_question = _field(method, "property") == "has"
        name = _constant(given.named_children[0])
        yield from _read(call, name, has_fallback=is_question or _is_asked(_unwrapped(call)))


def _of_target(target: Node | None, aliases: set[str]) -> Iterator[Read]:
    """What an environment is taken apart into, or the name that it gets."""
    if target is None:
        return
    if target.type == "identifier":
        aliases.add(_text(target))
    for part in target.named_children if target.type == "object_pattern" else ():
        match part.type:
            case "shorthand_property_identifier_pattern":
                yield from _read(part, _text(part), has_fallback=False)
            case "pair_pattern":
                value = part.child_by_field_name("value")
                key = part.child_by_field_name("key")
                has_default = value is not None and value.type == "assignment_pattern"
                yield from _read(part, _constant(key) or _text(key), has_fallback=has_default)
            case "object_assignment_pattern":
                yield from _read(part, _field(part, "left"), has_fallback=True)


def _keys(shape: Node | None) -> Iterator[Read]:
    for pair in shape.named_children if shape is not None and shape.type == "object" else ():
        if pair.type == "pair":
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            name = _constant(key) or _text(key)
            yield from _read(pair, name, has_fallback=_OPTIONAL.search(_text(value)) is not None)


def _is_asked(node: Node) -> bool:
    """Whether the value is only tested, or another one stands in where it is absent."""
    parent = node.parent
    if parent is None:
        return False
    match parent.type:
        case "binary_expression" if _operator(parent) in {"||", "??", "&&"}:
            return parent.child_by_field_name("left") == node
        case "binary_expression":
            return _operator(parent) in {"===", "!==", "==", "!="}
        case "unary_expression":
            return _operator(parent) in {"!", "typeof"}
        case "ternary_expression":
            return parent.child_by_field_name("condition") == node
        case kind:
            return kind in _TESTS or (
                kind == "augmented_assignment_expression" and parent.child_by_field_name("left") == node
            )


def _unwrapped(node: Node) -> Node:
    """The expression together with the parentheses and type words around it."""
    while node.parent is not None and node.parent.type in _WRAPPERS:
        node = node.parent
    return node


def _read(node: Node, name: str, *, has_fallback: bool) -> Iterator[Read]:
    if _NAME.fullmatch(name):
        yield Read(node.start_point[0] + 1, name, has_fallback)


def _constant(node: Node | None) -> str:
    """The text of a string, or of a template without holes; empty where it is neither."""
    if node is None or node.type not in {"string", "template_string"}:
        return ""
    inner = node.named_children
    return _text(inner[0]) if len(inner) == 1 and inner[0].type == "string_fragment" else ""


def _field(node: Node, name: str) -> str:
    return _text(node.child_by_field_name(name))


def _operator(node: Node) -> str:
    return _field(node, "operator")


def _text(node: Node | None) -> str:
    return node.text.decode("utf-8", errors="replace") if node is not None and node.text is not None else ""


def _first_error(root: Node) -> int:
    """The line where the grammar lost its way."""
    here: Node | None = root
    line = 1
    while here is not None:
        line = here.start_point[0] + 1
        here = next((child for child in here.children if child.has_error or child.is_missing), None)
    return line
