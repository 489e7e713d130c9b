"""Events for a function, made of its event sources in the template by the builders that the running stack uses."""
