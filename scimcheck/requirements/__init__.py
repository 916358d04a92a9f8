"""The catalogue of requirements: every server-facing clause of the RFCs and every documented need of Entra."""
