"""Octavo's own folder of the user: what all projects may share, and the state of documents that have no project."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def user_folder() -> Path:
    """The user's cache folder, or one among the temporary files where the home is not ours to write."""
    import platformdirs

    folder = platformdirs.user_cache_path("octavo")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / "octavo"
