"""Attribute characteristics as closed vocabularies (RFC 7643 §2.2 and §7)."""

from __future__ import annotations

from enum import Enum


class DataType(str, Enum):
    """Attribute data types (RFC 7643 §2.3)."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(str, Enum):
    """When an attribute's value may change."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(str, Enum):
    """When an attribute is part of a response."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(str, Enum):
    """How far a value has to be unique."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"
