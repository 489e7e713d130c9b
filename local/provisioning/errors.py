"""The error of a resource that could not be made."""


class ProvisioningError(Exception):
    """A table, bucket or custom resource cannot be made as the template says: what, why, and the way out."""
