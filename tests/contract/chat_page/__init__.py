"""A package, so that what its tests share (fixtures with scope="package") ends when the last of them has run."""
