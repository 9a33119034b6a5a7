"""Who may sign in, as what, and what they did."""
