"""Frozen values to JSON and back, strictly: what does not encode to the same bytes again is refused.

Dataclasses become objects, members of a union carry their class name under `is`, tuples become arrays, enums their
names or texts, times ISO 8601. Nothing is coerced, defaulted or ignored.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Json = None | bool | int | float | str | list[Any] | dict[str, Any]
TAG = "is"


class CodecError(ValueError):
    """The value does not fit its type; the message names the place."""


def encode(value: object, kind: Any) -> Json:
    """A value as JSON data, by its declared type.

    Raises:
        CodecError: the value is not of that type.
    """
    if _is_union(kind):
        return _encode_member(value, kind)
    if isinstance(value, tuple):
        return [encode(item, inner) for item, inner in zip(value, _inner(kind, len(value)), strict=True)]
    if is_dataclass(value):
        return {name: encode(getattr(value, name), inner) for name, inner in _fields(kind).items()}
    return _encode_plain(value)


def _encode_member(value: object, kind: Any) -> Json:
    member = _member_of(value, kind)
    encoded = encode(value, member)
    return {TAG: _name(member), **encoded} if isinstance(encoded, dict) else encoded


def _encode_plain(value: object) -> Json:
    if isinstance(value, Enum):
        return str(value.value) if isinstance(value, str) else value.name
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise CodecError(f"{type(value).__name__} can't be written as evidence")


def decode(data: Any, kind: Any, where: str = "$") -> Any:
    """JSON data as a value of a type.

    Args:
        data: what a JSON parser returned.
        kind: the type to build: a dataclass, enum, tuple, union, time or plain value.
        where: the place in the document, for the error.

    Raises:
        CodecError: the data has another form.
    """
    origin = _origin(kind)
    if _is_union(kind):
        return _decode_union(data, kind, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise CodecError(f"{where} must be an array")
        inners = _inner(kind, len(data))
        if len(inners) != len(data):
            raise CodecError(f"{where} must have {len(inners)} items")
        return tuple(decode(x, inner, f"{where}[{i}]") for i, (x, inner) in enumerate(zip(data, inners, strict=True)))
    if is_dataclass(origin):
        return _decode_record(data, kind, where)
    return _decode_plain(data, origin, where)


def _decode_union(data: Any, kind: Any, where: str) -> Any:
    members = get_args(kind)
    if data is None and type(None) in members:
        return None
    if isinstance(data, dict):
        for member in members:
            if is_dataclass(_origin(member)) and data.get(TAG) == _name(member):
                return decode({k: v for k, v in data.items() if k != TAG}, member, where)
        raise CodecError(f"{where} must say what it is under {TAG!r}")
    for member in members:
        if member is not type(None) and not is_dataclass(_origin(member)):
            return decode(data, member, where)
    raise CodecError(f"{where} has the wrong type")


def _decode_record(data: Any, kind: Any, where: str) -> Any:
    wanted = _fields(kind)
    if not isinstance(data, Mapping):
        raise CodecError(f"{where} must be an object")
    if set(data) != set(wanted):
        odd = ", ".join(sorted(set(data) ^ set(wanted)))
        raise CodecError(f"{where} lacks or has too much: {odd}")
    values = {name: decode(data[name], inner, f"{where}.{name}") for name, inner in wanted.items()}
    return _origin(kind)(**values)


def _decode_plain(data: Any, kind: Any, where: str) -> Any:
    try:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(data) if issubclass(kind, str) else kind[data]
        if kind is datetime or kind is date:
            return kind.fromisoformat(data)
    except (ValueError, TypeError, KeyError) as error:
        raise CodecError(f"{where} is no {kind.__name__}") from error
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise CodecError(f"{where} must be {getattr(kind, '__name__', kind)}, not {type(data).__name__}")
    return data


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in {Union, types.UnionType}


def _origin(kind: Any) -> Any:
    return get_origin(kind) or kind


def _name(kind: Any) -> str:
    return str(_origin(kind).__name__)


def _member_of(value: object, kind: Any) -> Any:
    for member in get_args(kind):
        if type(value) is _origin(member):
            return member
    raise CodecError(f"{type(value).__name__} is not one of {kind}")


def _inner(kind: Any, length: int) -> Sequence[Any]:
    arguments = get_args(kind)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return (arguments[0],) * length
    return arguments


@cache
def _fields(kind: Any) -> Mapping[str, Any]:
    """Names and types of a dataclass's fields, with type variables replaced."""
    origin = _origin(kind)
    hints = get_type_hints(origin)
    known: dict[TypeVar, Any] = dict(zip(getattr(origin, "__parameters__", ()), get_args(kind), strict=False))
    return {f.name: known.get(hints[f.name], hints[f.name]) for f in fields(origin)}
