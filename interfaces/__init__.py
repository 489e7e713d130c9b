"""What is written from the contract (`chat4all.contract`), all of it by `python -m interfaces`."""
