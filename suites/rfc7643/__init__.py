"""RFC 7643, core schema, section by section."""
