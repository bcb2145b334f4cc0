#!/bin/sh
# Scan what the lock file ($2) pins for known advisories with the scanner ($1, pip-audit). A scanner that saw no package,
# or that does not know the advisory planted beside it, has scanned nothing: that fails too.
set -eu

scanner=$1
locked=$2
planted=$(mktemp)
answer=$(mktemp)
trap 'rm -f "$planted" "$answer"' EXIT

echo 'setuptools==65.5.0' >"$planted"
if "$scanner" --strict --no-deps --disable-pip --format json --requirement "$planted" >"$answer"; then
    echo "The scanner finds nothing in setuptools 65.5.0 (PYSEC-2022-43012): it has no advisories." >&2
    exit 1
fi
if ! grep -q 'PYSEC-2022-43012' "$answer"; then
    echo "The scanner failed before it knew an advisory." >&2
    exit 1
fi

"$scanner" --strict --require-hashes --disable-pip --format json --requirement "$locked" >"$answer" || {
    cat "$answer"
    echo "A locked package has a known advisory, or could not be looked up." >&2
    exit 1
}
seen=$(grep -o '"version":' "$answer" | wc -l)
pinned=$(grep -c '==' "$locked")
if [ "$seen" -eq 0 ]; then
    echo "The scanner saw none of $pinned packages." >&2
    exit 1
fi
echo "$seen of $pinned locked packages looked up: no known advisory."
