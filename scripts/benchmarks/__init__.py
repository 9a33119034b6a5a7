"""Measurements: each a ratio to a baseline taken in the same run on the same data."""
