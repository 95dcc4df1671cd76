#!/usr/bin/env bash
# Installs the packed tarball into an empty folder and asks the installed command for its status:
# what a user gets must work without this checkout.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
cleanup() {
  AMPLIFY_HOME="$work/home" "$work/app/node_modules/.bin/amplify" serve --stop > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
npm pack --silent --pack-destination "$work" > "$work/name"
mkdir "$work/app"
cd "$work/app"
printf '{"private":true,"allowScripts":{"better-sqlite3":true}}\n' > package.json
npm install --no-audit --no-fund --omit=dev --loglevel=error "$work/$(tail -n 1 "$work/name")"
AMPLIFY_HOME="$work/home" ./node_modules/.bin/amplify session status | tee "$work/status"
grep -q 'Ready to merge (0)' "$work/status"
