"""How Parquet files are read: in one way, by the calling thread alone.

Arrow's own threads may outlive a read and end the process with an abort, or hang it, when Python exits (its issues 34314
and 50482), above all where they read through an object of Python. Our files are small: nothing is lost by one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["open_parquet", "read_parquet"]


def open_parquet(source: Path | bytes | pa.NativeFile) -> pq.ParquetFile:
    """Open a Parquet file, to be closed by a `with` block.

    Parameters
    ----------
    source
        The file, or what it holds, or a file that Arrow has opened: of that only what is asked for is read.

    Raises
    ------
    OSError
        When there is no such file, or it cannot be read.
    pyarrow.ArrowException
        When it is no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Arrow never calls Python to read: it opened the file itself, or is given the whole of it as bytes.
    if isinstance(source, Path):
        source = source.read_bytes()
    return pq.ParquetFile(pa.BufferReader(source) if isinstance(source, bytes) else source, pre_buffer=False)


def read_parquet(source: Path | bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file.

    Parameters
    ----------
    source
        The file, or what it holds.
    columns
        Names of the columns that are read; all when left out.

    Returns
    -------
    Table
        The columns, and whatever else the file says in the metadata of its schema.

    Raises
    ------
    OSError, pyarrow.ArrowException
        See `open_parquet`.
    """
    with open_parquet(source) as file:
        return file.read(columns=None if columns is None else list(columns), use_threads=False)
