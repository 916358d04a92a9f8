"""What suites are written with: the target as they see it, judgement, data from its schemas, clean-up."""
