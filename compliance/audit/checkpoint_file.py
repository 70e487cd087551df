"""The file of the signed checkpoints: added to, never rewritten, on the disk before anybody relies on it."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from compliance.audit.signed_lines import Line, parse

NAME = "checkpoints.jsonl"
TAIL = 65_536  # bytes: more than a day of lines


class NoDirectory(Exception):
    """The directory of the checkpoints is missing."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        super().__init__(
            f"The directory {directory} of the audit checkpoints does not exist."
            " Create it, writable for the workers, or set AUDIT_CHECKPOINTS to one that exists."
        )


def read_lines(directory: Path) -> list[str]:
    """The complete lines, oldest first. An unfinished one at the end was never acknowledged. Raises NoDirectory."""
    _ensure_directory(directory)
    path = directory / NAME
    if not path.is_file():
        return []
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return _complete(file.read())


class CheckpointFile:
    """The file, locked for one writer."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def last_lines(self) -> list[Line]:
        """Those near the end that can be read, oldest first."""
        size = self._file.seek(0, os.SEEK_END)
        begin = self._file.seek(max(0, size - TAIL))
        texts = _complete(self._file.read())
        return [line for text in (texts[1:] if begin else texts) if (line := parse(text))]

    def append(self, lines: Sequence[Line]) -> None:
        """Add lines in one piece; they are on the disk on return. What a power cut left unfinished is replaced."""
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(0, size - TAIL))
        unfinished = self._file.read().rpartition(b"\n")[2]
        self._file.truncate(size - len(unfinished))
        self._file.seek(0, os.SEEK_END)
        self._file.write("".join(f"{line.text}\n" for line in lines).encode())
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def open_for_one_writer(directory: Path) -> Iterator[CheckpointFile]:
    """The file, made when it is missing. Others wait until the block ends. Raises NoDirectory."""
    _ensure_directory(directory)
    descriptor = os.open(directory / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _keep_name(directory)
        yield CheckpointFile(file)


def _ensure_directory(directory: Path) -> None:
    if not directory.is_dir():
        raise NoDirectory(directory)


def _complete(content: bytes) -> list[str]:
    return content.decode(errors="replace").split("\n")[:-1]


def _keep_name(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
