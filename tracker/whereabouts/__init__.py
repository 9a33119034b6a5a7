"""Who is away, where to, and until when; kept no longer than it is needed."""
