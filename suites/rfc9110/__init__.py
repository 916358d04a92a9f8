"""RFC 9110, HTTP semantics, as far as SCIM relies on them."""
