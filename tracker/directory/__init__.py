"""People found, sorted, kept as views and taken along as lists."""
