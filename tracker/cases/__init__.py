"""Cases: one procedure for one person, its checklist and its history."""
