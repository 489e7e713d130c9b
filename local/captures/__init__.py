"""Every invocation of a stack, kept with its event, response and log: `store.CaptureStore`, and `file.CaptureFile` to read."""
