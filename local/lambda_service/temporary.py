"""A temporary folder for each environment, as each on Lambda has a /tmp of its own that ends with it.

Functions find it as TMPDIR, which Python's `tempfile` and most programs go by. The literal path /tmp stays the machine's:
a private one would take a mount namespace, in which code, layers or data that lie below /tmp were gone.
"""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


class TemporaryFolders:
    """Under one root, which belongs to this stack alone."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._removals = ThreadPoolExecutor(1, "temporary-folders")
        """A function may leave many files."""

    def start(self) -> None:
        """Remove what a stack left that was killed."""
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir(parents=True)

    def make(self) -> Path:
        """Raises OSError, such as of a full disk."""
        self._root.mkdir(exist_ok=True)  # those who clean up may not know whose it is
        return Path(tempfile.mkdtemp(dir=self._root))

    def remove(self, folder: Path) -> None:
        """Returns at once."""
        self._removals.submit(shutil.rmtree, folder, ignore_errors=True)

    def stop(self) -> None:
        self._removals.shutdown()
        shutil.rmtree(self._root, ignore_errors=True)
