"""What an operator or a lawyer edits; no logic but reading the environment."""
