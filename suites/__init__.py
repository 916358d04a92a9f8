"""The bundled suites: what users run. Nothing in here imports another suite, our tests, or the provider."""
