"""Health checks: schedules and campaigns, their rounds, consent, and what is kept of results."""
