"""The command chat4all against the functions in this process."""
