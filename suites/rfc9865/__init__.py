"""Checks of RFC 9865: pages by cursor."""
