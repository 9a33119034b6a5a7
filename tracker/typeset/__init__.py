"""Paper: PDF by Typst, Word from the office's own templates, scans bound to pages."""
