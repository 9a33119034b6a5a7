"""Campuses, buildings, floors and rooms, and who lives in them."""
