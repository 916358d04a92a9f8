"""The filter language of RFC 7644 §3.4.2.2: syntax tree, parser, printer, evaluation."""
