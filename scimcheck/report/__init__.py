"""From findings to verdicts per requirement and per audience, and to terminal, JSON and HTML."""
