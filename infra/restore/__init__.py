"""`scripts/restore-drill`: brings tables back beside those that are used, compares them, and puts back what is missing."""
