"""The long proof that no letter is lost: `scripts/faults`."""
