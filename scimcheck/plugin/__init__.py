"""What happens in a pytest session: options, target, fixtures, recording, summary."""
