#!/usr/bin/env bash
# Installs the real tools that the real tier of tests runs against: two versions of the agent CLI and
# two of Beads, each into its own folder named by version, so that a second run finds them and is instant.
# What cannot be had is said aloud and skipped; the exit code stays 0 unless --strict is given.
#
#   e2e/real/install.sh [--strict] [claude-latest|claude-floor|bd-sqlite|bd-dolt ...]
set -u
CLAUDE_LATEST=2.1.330
CLAUDE_FLOOR=2.1.197
# Newest first; a Go proxy need not serve every version, so the first that can be had is taken.
BD_SQLITE=(v0.50.3 v0.47.1)
BD_DOLT=(v1.3.1 v1.3.0 v1.2.2)

tools=${AMPLIFY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/amplify-tools}
strict=0
wanted=()
for argument in "$@"; do
  case "$argument" in
    --strict) strict=1 ;;
    *) wanted+=("$argument") ;;
  esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=(claude-latest claude-floor bd-sqlite bd-dolt)
mkdir -p "$tools"
missing=0

skip() { echo "SKIPPED: $1"; missing=1; }

# A folder counts as installed only when its program has answered once; the mark is written last.
install_claude() { # name version
  local dir="$tools/claude-$2"
  [ -e "$dir/.ok" ] && { ln -sfn "claude-$2" "$tools/$1"; echo "$1: claude $2 (cached)"; return; }
  rm -rf "$dir"; mkdir -p "$dir"
  printf '{"private":true,"name":"agent-cli","version":"0.0.0","allowScripts":{"@anthropic-ai/claude-code":true}}\n' > "$dir/package.json"
  if ! (cd "$dir" && npm install --no-audit --no-fund --loglevel=error "@anthropic-ai/claude-code@$2") > "$dir.log" 2>&1; then
    tail -n 5 "$dir.log"; skip "claude $2 could not be installed"; return
  fi
  mkdir -p "$dir/bin"
  # The launcher in .bin is a placeholder when the package's install script was not allowed to run.
  local native
  native=$(find "$dir/node_modules/@anthropic-ai" -path '*claude-code-linux-*/claude' -type f 2>/dev/null | grep -v musl | head -n 1)
  ln -sfn "${native:-$dir/node_modules/.bin/claude}" "$dir/bin/claude"
  if ! env -i HOME="$dir" PATH="$PATH" timeout 60 "$dir/bin/claude" --version > "$dir.log" 2>&1; then
    tail -n 5 "$dir.log"; skip "claude $2 is installed but does not start"; return
  fi
  touch "$dir/.ok"; ln -sfn "claude-$2" "$tools/$1"; echo "$1: claude $2 installed"
}

# Builds the first version of a list that can be had, and links it as bd-sqlite or bd-dolt.
install_bd() { # name cgo goflags version...
  local name=$1 cgo=$2 flags=$3
  shift 3
  local version dir
  for version in "$@"; do
    [ -e "$tools/bd-$version/.ok" ] || continue
    ln -sfn "bd-$version" "$tools/$name"; echo "$name: bd $version (cached)"; return
  done
  command -v go > /dev/null || { skip "$name: no Go toolchain to build bd with"; return; }
  for version in "$@"; do
    dir="$tools/bd-$version"
    rm -rf "$dir"; mkdir -p "$dir/bin"
    # A scratch module instead of `go install …@version`, which also asks for the list of all versions,
    # and not every proxy serves that.
    printf 'module scratch\n\ngo 1.24\n\nrequire github.com/steveyegge/beads %s\n' "$version" > "$dir/go.mod"
    printf '//go:build tools\n\npackage tools\n\nimport _ "github.com/steveyegge/beads/cmd/bd"\n' > "$dir/tools.go"
    if (cd "$dir" && CGO_ENABLED=$cgo GOFLAGS="-mod=mod $flags" go build -trimpath -ldflags=-s -o bin/bd github.com/steveyegge/beads/cmd/bd) > "$dir.log" 2>&1; then
      touch "$dir/.ok"; ln -sfn "bd-$version" "$tools/$name"; echo "$name: bd $version installed"; return
    fi
    echo "$name: bd $version cannot be had here: $(tail -n 1 "$dir.log" | cut -c1-120)"
    rm -rf "$dir"
  done
  skip "$name: none of $* could be built; its tests use recordings only"
}

for name in "${wanted[@]}"; do
  case "$name" in
    claude-latest) install_claude "$name" "$CLAUDE_LATEST" ;;
    claude-floor) install_claude "$name" "$CLAUDE_FLOOR" ;;
    bd-sqlite) install_bd "$name" 0 "" "${BD_SQLITE[@]}" ;;
    bd-dolt) install_bd "$name" 1 -tags=gms_pure_go "${BD_DOLT[@]}" ;;
    *) echo "unknown tool: $name"; exit 2 ;;
  esac
done
[ "$strict" = 0 ] || exit "$missing"
