"""The checks users run, a folder per document; written with ``scimcheck.harness``."""
