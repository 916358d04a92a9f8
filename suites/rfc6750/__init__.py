"""RFC 6750 and the HTTP authentication clauses: bearer tokens."""
