"""An invented state for any event, made from its JSON Schema: the same one every time."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

_FORMATS = {
    "date-time": "2026-10-15T11:30:00Z",
    "date": "2026-10-15",
    "time": "19:30:00",
    "binary": "AA==",
    "base64url": "AA==",
    "duration": "PT45M",
}
# Fields whose shape no schema tells.
_BY_NAME: dict[str, Any] = {
    "school_code": "4401040001",
    "district_code": "440104",
    "organisation": "4401040001",
    "rulebook_version": "2026.1",
    "number": "440104-2026-0000123-7",
    "name": "示例小学",
    "title": "示例课程：陪孩子读书",
    "stage": "primary",
    "grade": "一年级",
    "class_group": "1班",
    "run_by": "district",
    "relation_code": "51",
    "school_year": 2026,
    "hours": 200,
    "class_hours": 200,
    "minutes": 80,
    "planned_minutes": 80,
    "persons_present": 46,
    "persons_recorded": 46,
    "score": 88,
}

Schema = dict[str, Any]


def sample(schema: Schema) -> Any:
    """Make a value that fits: every optional field filled, every list with one entry."""
    return _value(schema, "", schema.get("$defs", {}))


def _value(schema: Schema, name: str, defs: Schema) -> Any:
    if "$ref" in schema:
        return _value(defs[schema["$ref"].rpartition("/")[2]], name, defs)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _value(_first_real(schema[choice]), name, defs)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    return _plain(schema, name, defs)


def _first_real(choices: list[Schema]) -> Schema:
    return next(choice for choice in choices if choice.get("type") != "null")


def _plain(schema: Schema, name: str, defs: Schema) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, name, defs)
        case "array":
            return _array(schema, name, defs)
        case "string":
            return _string(schema, name)
        case "integer" | "number":
            return _number(schema, name)
        case "boolean":
            return True
        case _:
            return name


def _object(schema: Schema, name: str, defs: Schema) -> Schema:
    if "properties" in schema:
        return {key: _value(one, key, defs) for key, one in schema["properties"].items()}
    values: Schema | bool = schema.get("additionalProperties", False)
    return {} if isinstance(values, bool) else {name or "key": _value(values, name, defs)}


def _array(schema: Schema, name: str, defs: Schema) -> list[Any]:
    if "prefixItems" in schema:
        return [_value(one, name, defs) for one in schema["prefixItems"]]
    return [_value(schema.get("items", {}), name, defs)] * max(1, schema.get("minItems", 1))


def _number(schema: Schema, name: str) -> int:
    lowest: int = max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    named = _BY_NAME.get(name)
    return named if isinstance(named, int) else lowest


def _string(schema: Schema, name: str) -> str:
    if schema.get("format") == "uuid":
        return str(uuid5(NAMESPACE_URL, name))
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    value = _BY_NAME.get(name, name.replace("_", "-"))
    return str(value).ljust(schema.get("minLength", 0), "0")[: schema.get("maxLength")]
