"""Keeps the foreign experts of a university legal and safe.

Data flows one way: facts -> obligations -> reminders -> outbox. ARCHITECTURE.md is the map.
"""

__version__ = "0.1.0"
