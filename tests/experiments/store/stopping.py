"""Replaces a folder of results again and again, stopped each time one file operation later; prints what was then there.

    python stopping.py DIR

Killed: the process ends at once, as by kill -9. Full: the operation fails, as on a full disk. Within: the folder holds a
file that is not ours, so that it must stay and is filled file by file. One line a stop: how, where, its number, the exit
code, what the folder then holds, whether the other file is still there, what it holds once the same is done again, and
what is left over.
"""

import errno
import os
import shutil
import signal
import sys
from pathlib import Path

from experiments.store.manifests import MANIFEST, file_hash, read_json, write_manifest
from experiments.store.outputs import checked, written
from sim.errors import InputError

ABOUT = {"made_with": {"model": "x"}}
OLD = {"summary.txt": "old", "gone.csv": "old", "figures/one.png": "old"}
NEW = {"summary.txt": "new", "come.csv": "new", "figures/one.png": "new", "figures/two.png": "new"}
WATCHED = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "ctypes.dlsym", "fcntl.flock", "os.chmod"}
MOST = {"killed": 200, "full": 26}
"""Operations to stop at; a run that is killed at none of them ends earlier."""

left = -1  # operations until the stop; below zero, none comes
how = ""


def stop(event, arguments):
    """Count down, and stop at zero."""
    global left
    if left < 0 or event not in WATCHED or (event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)):
        return
    left -= 1
    if left < 0:
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if event in ("open", "os.mkdir", "os.link"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def put(folder, files, *, force):
    """Write files as a command would."""
    with written(checked(folder, f"--out {folder}", force=force)) as private:
        for name, text in files.items():
            (private / name).parent.mkdir(exist_ok=True)
            (private / name).write_text(text, "utf-8")
        write_manifest(private, ABOUT)


def state(folder):
    """Say whether a folder holds the old results or the new ones, whole, or is seen to be neither."""
    if not folder.exists():
        return "nothing"
    hashes = read_json(folder / MANIFEST)["files"]
    if any(not (folder / name).is_file() or file_hash(folder / name) != digest for name, digest in hashes.items()):
        return "seen"
    texts = {name: (folder / name).read_text("utf-8") for name in hashes}
    return "old" if texts == OLD else "new" if texts == NEW else f"half: {texts}"


def stopped_at(folder, count, *, within):
    """Replace old results by new ones with a stop after some operations, then once more without; say what was there."""
    global left
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir()
    put(folder, OLD, force=False)
    if within:
        (folder / "notes.txt").write_text("mine", "utf-8")
    child = os.fork()
    if child == 0:
        left = count
        try:
            put(folder, NEW, force=True)
        except InputError:
            os._exit(2)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = state(folder)
    kept = not within or (folder / "notes.txt").read_text("utf-8") == "mine"
    put(folder, NEW, force=True)
    left_over = sorted(each.name for each in (*folder.parent.iterdir(), *folder.iterdir()) if each.name.startswith("."))
    return code, found, kept, state(folder), left_over


def main():
    """Stop at the first operation, the second, and so on, until a run ends by itself."""
    global how
    os.fsync = lambda _: None  # takes long, and tells nothing here: no power is cut
    sys.addaudithook(stop)
    for how, within in (("killed", False), ("killed", True), ("full", False), ("full", True)):
        for count in range(MOST[how]):
            said = stopped_at(Path(sys.argv[1]) / "out", count, within=within)
            print(how, "within" if within else "beside", count, *said, sep="\t")
            if how == "killed" and said[0] == 0:
                break


if __name__ == "__main__":
    main()
