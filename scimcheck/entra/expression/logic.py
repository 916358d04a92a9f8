"""Functions that choose, test and convert."""

from __future__ import annotations

from scimcheck.entra.expression.ast import Comparison
from scimcheck.entra.expression.evaluate import Arguments
from scimcheck.entra.expression.registry import implements
from scimcheck.entra.expression.values import Value, is_empty


@implements("IIF")
def _iif(a: Arguments) -> Value:
    condition = a.value(0) if isinstance(a.call.arguments[0], Comparison) else a.text(0)
    return a.value(1) if condition is True or condition == "True" else a.value(2)


@implements("Switch")
def _switch(a: Arguments) -> Value:
    if len(a) % 2:
        a.fail("keys and values come in pairs after source and default, so the number of arguments is even")
    source = a.text(0)
    for index in range(2, len(a), 2):
        # The key "" catches a source without a value.
        if (source or "") == (a.text(index) or ""):
            return a.value(index + 1)
    return a.value(1)


@implements("Coalesce")
def _coalesce(a: Arguments) -> Value:
    return next((value for index in range(len(a)) if (value := a.value(index)) is not None), None)


@implements("IgnoreFlowIfNullOrEmpty")
def _ignore_flow(a: Arguments) -> Value:
    value = a.value(0)
    return None if is_empty(value) else value


@implements("IsNull")
def _is_null(a: Arguments) -> Value:
    return a.value(0) is None


@implements("IsNullOrEmpty")
def _is_null_or_empty(a: Arguments) -> Value:
    return is_empty(a.value(0))


@implements("IsPresent")
def _is_present(a: Arguments) -> Value:
    return not is_empty(a.value(0))


@implements("IsString")
def _is_string(a: Arguments) -> Value:
    return isinstance(a.value(0), str)


@implements("Not")
def _not(a: Arguments) -> Value:
    return "False" if a.text(0) == "True" else "True"


@implements("CBool")
def _c_bool(a: Arguments) -> Value:
    value = a.value(0)
    if isinstance(value, bool):
        return value
    text = (a.text(0) or "").lower()
    return {"true": True, "false": False}[text] if text in ("true", "false") else a.number(0) != 0


@implements("CStr")
def _c_str(a: Arguments) -> Value:
    return a.text(0)


@implements("BitAnd")
def _bit_and(a: Arguments) -> Value:
    return a.number(0) & a.number(1)


@implements("Len")
def _len(a: Arguments) -> Value:
    return len(a.text(0) or "")


@implements("Redact")
def _redact(a: Arguments) -> Value:
    return a.value(0)


@implements("SelectUniqueValue")
def _select_unique_value(a: Arguments) -> Value:
    candidates = (a.text(index) for index in range(len(a)))
    free = next((candidate for candidate in candidates if candidate and not a.context.taken(candidate)), None)
    return free or a.fail("every candidate is taken")


@implements("DefaultDomain")
def _default_domain(a: Arguments) -> Value:
    return a.context.default_domain or a.fail("the tenant's default domain is not known")


@implements("Error")
def _error(a: Arguments) -> Value:
    a.fail(a.text(0) or "no message")
