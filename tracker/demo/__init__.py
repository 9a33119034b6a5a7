"""A demonstration on invented staff: everything is real but the people."""
