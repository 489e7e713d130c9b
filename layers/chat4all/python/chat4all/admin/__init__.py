"""What operators do by hand: `python -m chat4all.admin`. Each file `<noun>_commands.py` is one noun of the command line."""
