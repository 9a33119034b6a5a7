"""What is due, by when: derived from facts by the rules, and rebuilt at any time."""
