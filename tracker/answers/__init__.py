"""Answers by link: what somebody without an account says about one duty, and what became of it."""
