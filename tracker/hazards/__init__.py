"""Hazards: found, graded, ordered to be put right, looked at again, and never lost."""
