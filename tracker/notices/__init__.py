"""Bilingual notices: written in versions, published, sent once to whom they concern, read."""
