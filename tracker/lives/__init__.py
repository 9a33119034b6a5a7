"""What happens to people: who comes and goes, and what is kept of them afterwards."""
