# Runs the tests on other versions of the packages than constraints.txt names, each in an environment of its own.
#
#     sh scripts/try_versions.sh lowest [PYTHON]     on the lowest that pyproject.toml allows
#     sh scripts/try_versions.sh newest [PYTHON]     on the newest, on each Python 3.12 to 3.14 that is there, or on PYTHON
#
# What the packages themselves need is chosen by pip. The code is compiled anew for each, so this takes a while.

set -eu
cd "$(dirname "$0")/.."

which=$1
named=${2:-}
extras=dev,maps,cluster,research,xarray

unset PYTHONPATH PYTHONHOME
export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Prints the path of a fitting Python of that version, nothing where there is none.
find_version() {
    for candidate in "python$1" \
        "${PYENV_ROOT:-/nonexistent}/versions/$1".*/bin/python "${HOME:-/nonexistent}/.pyenv/versions/$1".*/bin/python
    do
        found=$(sh scripts/find_python.sh "$candidate" 2>/dev/null) || continue
        [ "$("$found" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$1" ] || continue
        echo "$found"
        return
    done
}

# Makes an environment anew, installs with the constraints that are given besides, and runs the tests in it.
try() {
    folder=$1
    python=$2
    shift 2
    echo "citysafety: $which versions on $("$python" -V), in $folder"
    "$python" -m venv --clear "$folder" </dev/null
    "$folder/bin/python" -m pip install -q "$@" --editable ".[$extras]" </dev/null
    "$folder/bin/python" -m pip list --format freeze --exclude-editable >"$folder/versions.txt"
    "$folder/bin/python" -c "import sim.run; sim.run.warm()"
    "$folder/bin/python" -m pytest -n 2 --dist loadfile -m "not validate" -p no:cacheprovider
}

case $which in
lowest)
    [ -n "$named" ] || named=$(find_version 3.12)
    python=$(sh scripts/find_python.sh "$named")
    # pip wants a file; it is kept beside the environment only as long as that is made.
    wanted=$(mktemp)
    trap 'rm -f "$wanted"' EXIT
    "$python" -I scripts/lowest_versions.py "$extras" >"$wanted"
    try .venv-lowest "$python" --constraint "$wanted"
    ;;
newest)
    tried=0
    for version in 3.12 3.13 3.14; do
        if [ -n "$named" ]; then
            python=$(sh scripts/find_python.sh "$named")
            [ "$("$python" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$version" ] || continue
        else
            python=$(find_version "$version")
        fi
        if [ -z "$python" ]; then
            echo "citysafety: there is no Python $version here, so nothing was tried on it"
            continue
        fi
        try ".venv-newest-$version" "$python" --upgrade
        tried=1
    done
    [ "$tried" = 1 ]
    ;;
*)
    echo "citysafety: $which is neither lowest nor newest" >&2
    exit 2
    ;;
esac
