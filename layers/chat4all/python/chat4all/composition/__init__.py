"""The composition root by subject: `bootstrap.App` is all of it."""
