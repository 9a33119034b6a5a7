"""What every stage stands on: database, clock, errors, languages. Imports nothing of ours."""
