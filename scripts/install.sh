# Makes .venv if there is none that works here, and installs citysafety into it. Does nothing when all is in place.
#
#     sh scripts/install.sh EXTRAS [PYTHON]          EXTRAS such as maps or dev,maps
#
# .venv/installed holds one line for each extra: its name and the checksum of pyproject.toml and constraints.txt then.

set -eu
cd "$(dirname "$0")/.."

extras=$1
python=${2:-}

# The settings of a person's own machine must not change what is installed here.
unset PYTHONPATH PYTHONHOME
export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1

describe() {
    "$1" -I -c 'import sys; print(sys.base_prefix, sys.version)' </dev/null
}

# False for a .venv that was copied or moved with its folder: its commands would run the code of the old place.
venv_works_here() {
    grep -qF " $(pwd -P)/.venv" .venv/pyvenv.cfg 2>/dev/null &&
        sh scripts/find_python.sh .venv/bin/python >/dev/null 2>&1 &&
        .venv/bin/python -I -c 'import pip' 2>/dev/null
}

if [ -n "$python" ]; then
    python=$(sh scripts/find_python.sh "$python")
fi
if ! venv_works_here || { [ -n "$python" ] && [ "$(describe "$python")" != "$(describe .venv/bin/python)" ]; }; then
    [ -n "$python" ] || python=$(sh scripts/find_python.sh)
    "$python" -m venv --clear .venv </dev/null
fi

checksum=$(cat pyproject.toml constraints.txt | cksum)
missing=0
for extra in $(echo "$extras" | tr ',' ' '); do
    grep -qxF "$extra $checksum" .venv/installed 2>/dev/null || missing=1
done
[ "$missing" = 1 ] || exit 0

# What was installed from other versions of the two files no longer holds once pip has started.
{ grep -F " $checksum" .venv/installed 2>/dev/null || true; } >.venv/installed.now
mv .venv/installed.now .venv/installed
echo "citysafety: installing into .venv, about a minute"
if ! .venv/bin/python -m pip install -qq --constraint constraints.txt --editable ".[$extras]" </dev/null; then
    echo "citysafety: the installation failed for the reason above; it needs the network once. Then run make again." >&2
    exit 1
fi
for extra in $(echo "$extras" | tr ',' ' '); do
    echo "$extra $checksum" >>.venv/installed
done
