"""Slips made on purpose, in notebooks, texts, charts, tables and code: what notices them, and what does not."""
