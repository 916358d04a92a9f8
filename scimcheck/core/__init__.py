"""SCIM itself, without I/O: schemas, filters, paths, patches, messages (RFC 7643, RFC 7644)."""
