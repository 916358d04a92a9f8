"""The reference service provider: conformant by default, with legal variants and single-clause deviations."""
