"""Procedures as data, planned backwards and worked as checklists: pure, like all rules."""
