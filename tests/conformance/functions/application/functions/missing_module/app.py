import nothing_such  # noqa: F401


def handler(event, context):
    return None
