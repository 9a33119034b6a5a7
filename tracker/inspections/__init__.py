"""Inspections: what was looked at where, told by phones as operations that are kept for good."""
