"""What Messenger and Instagram share beyond `meta`: the messaging[] webhook and the Send API's bodies. Not a channel itself."""
