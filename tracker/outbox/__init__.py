"""The only way out of the building: letters, their delivery, and the server's answers."""
