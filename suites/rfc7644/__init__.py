"""RFC 7644, protocol, section by section."""
