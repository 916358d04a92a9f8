"""Pure judgements over exchanges: findings, verdicts and the rules that every exchange must satisfy."""
