"""Health checks: rounds, consent, and who reads what."""
