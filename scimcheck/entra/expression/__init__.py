"""The expressions of attribute mappings: reading, checking and evaluating them."""

from __future__ import annotations

from scimcheck.entra.expression.ast import is_redacted, source_attributes
from scimcheck.entra.expression.check import Problem, check_expression
from scimcheck.entra.expression.evaluate import Context, evaluate
from scimcheck.entra.expression.parser import ExpressionError, parse_expression
from scimcheck.entra.expression.values import EvaluationError, Value

__all__ = [
    "Context",
    "EvaluationError",
    "ExpressionError",
    "Problem",
    "Value",
    "check_expression",
    "evaluate",
    "is_redacted",
    "parse_expression",
    "source_attributes",
]
