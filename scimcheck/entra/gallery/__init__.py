"""The validation that an application passes before it enters Entra's gallery: names, values, bodies, verdict rules.

Everything here is pure; the requests themselves are sent by ``scimcheck.harness.gallery``.
"""
