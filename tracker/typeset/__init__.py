"""Paper: PDF by Typst, Word from the office's own templates, scans as pages."""
