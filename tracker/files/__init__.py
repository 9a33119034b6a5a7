"""Scans and papers of a person: bytes beside the database, a row for each, shown on a check."""
