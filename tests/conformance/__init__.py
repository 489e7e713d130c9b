"""Statements about AWS, a folder for each section, each with a stack of its own."""
