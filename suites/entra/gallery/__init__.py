"""What Microsoft Entra ID sends, and what it needs to come of it."""
