# Prints the path of a Python that citysafety can use; otherwise says in one line what to do and exits with 1.
#
#     sh scripts/find_python.sh [PYTHON]
#
# With PYTHON only that one is tried. Without, the first that fits of the usual commands and of pyenv's versions.
# A command that exists may still fail (a shim of pyenv with no version behind it), so every candidate is run.

set -u

fits='
import sys
import sysconfig
import ensurepip
import venv

free_threaded = sysconfig.get_config_var("Py_GIL_DISABLED")
if not (3, 12) <= sys.version_info < (3, 15) or sys.implementation.name != "cpython" or free_threaded:
    sys.exit(1)
print(sys._base_executable)
'

run_if_it_fits() {
    "$1" -I -c "$fits" </dev/null 2>/dev/null
}

if [ -n "${1:-}" ]; then
    run_if_it_fits "$1" && exit 0
    echo "citysafety: PYTHON=$1 is not a Python 3.12, 3.13 or 3.14 with venv and ensurepip; name another, or leave PYTHON out." >&2
    exit 1
fi

for candidate in \
    python3.12 python3.13 python3.14 python3 python \
    "${PYENV_ROOT:-/nonexistent}"/versions/*/bin/python "${HOME:-/nonexistent}"/.pyenv/versions/*/bin/python
do
    run_if_it_fits "$candidate" && exit 0
done
echo "citysafety: found no Python 3.12, 3.13 or 3.14 with venv; install one (Debian, Ubuntu: python3.12-venv) or name it: make PYTHON=/path/to/python" >&2
exit 1
