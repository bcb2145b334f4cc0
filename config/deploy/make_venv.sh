#!/bin/sh
# Make a virtual environment ($1) with the newest Python from 3.11 on that starts and can make one; say what is missing.
set -eu

supports='import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 15)))'
needs='import ensurepip, venv'
without_venv=""

for python in python3.14 python3.13 python3.12 python3.11 python3; do
    # A name on the path may be a stub that cannot start: only one that runs counts.
    if ! "$python" -c "$supports" >/dev/null 2>&1; then
        continue
    fi
    if "$python" -c "$needs" >/dev/null 2>&1; then
        exec "$python" -m venv "$1"
    fi
    without_venv=${without_venv:-$python}
done

if [ -n "$without_venv" ]; then
    version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $version is here but cannot make virtual environments (venv and ensurepip are missing)." >&2
    echo "On Debian or Ubuntu: sudo apt-get install python$version-venv" >&2
    echo "On Fedora: sudo dnf install python3" >&2
else
    echo "Readyby needs Python 3.11, 3.12, 3.13 or 3.14, and none was found." >&2
    echo "On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
    echo "On Fedora: sudo dnf install python3    On macOS: brew install python@3.13" >&2
fi
exit 1
