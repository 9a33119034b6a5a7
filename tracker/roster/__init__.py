"""Rosters: read an office's own sheet, show what it would change, take it in, take it back."""
