"""The law as dated data with its source, applied by pure code: no clock, database or Flask."""
