"""What people told us: persons, units and every document and event, in versions."""
