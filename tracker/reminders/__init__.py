"""Who hears of what is due, and when: the ladder, the plan and the letters."""
