#!/bin/sh
# Builds guard and installs it to ~/.local/bin, without root.
#
#   ./install.sh          build and install
#   ./install.sh --demo   then show it at work in a throw-away repository
#
# BIN_DIR names another folder to install to.
# The whole script is a function that the last line calls: a copy that was cut off does nothing.
set -eu

say() { printf '%s\n' "$*"; }
stop() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'help: %s\n' "$2" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null 2>&1 || stop "\`$1\` is not on this machine" "$2"
}

build() {
  need cargo "install a Rust toolchain, 1.95 or newer: see rustup.rs"
  need git "install git with your system's package manager"
  command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 ||
    stop "there is no C compiler on this machine" "install gcc or clang: libgit2 and zlib are built from source"
  say "building guard (the first build takes some minutes)"
  (cd "$here" && cargo build --release --locked --quiet)
  built="${CARGO_TARGET_DIR:-$here/target}/release/guard"
  [ -x "$built" ] || stop "the build left no binary at $built"
}

place() {
  folder="${BIN_DIR:-$HOME/.local/bin}"
  mkdir -p "$folder"
  # Beside its place first, then renamed: a running guard keeps its own file.
  cp "$built" "$folder/.guard.new"
  chmod 755 "$folder/.guard.new"
  mv -f "$folder/.guard.new" "$folder/guard"
  say "installed $("$folder/guard" --version) to $folder/guard"
  case ":$PATH:" in
    *":$folder:"*) ;;
    *) say "note: $folder is not on PATH; add it: export PATH=\"$folder:\$PATH\"" ;;
  esac
}

# Runs a command and shows it as it would be typed.
type_in() {
  line='$'
  for word in "$@"; do
    case "$word" in
      *' '*) line="$line \"$word\"" ;;
      *) line="$line $word" ;;
    esac
  done
  say ""
  say "$line"
  "$@" 2>&1
}

demo() {
  story=$(mktemp -d)
  trap 'rm -rf "$story"' EXIT
  PATH="$folder:$PATH"
  GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
  GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.test
  GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.test
  export PATH GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
  export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
  unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GUARD GUARD_SKIP GUARD_CONFIG || :

  say ""
  say "A repository with one rule: no shell script with a syntax error."
  git init --quiet --bare --initial-branch=main "$story/remote.git"
  git init --quiet --initial-branch=main "$story/project"
  cd "$story/project"
  git remote add origin "$story/remote.git"
  cat >guard.yaml <<'END'
commands:
  syntax:
    run: for f in {files}; do sh -n "$f" || exit 1; done
    files: ["*.sh"]
    at: [commit, push]
END
  git add guard.yaml
  git commit --quiet -m "Begin"
  type_in guard install

  printf 'if true; then\n  echo hello\n' >hello.sh
  git add hello.sh
  if type_in git commit -m "Say hello"; then
    stop "the demo's broken script was committed"
  fi
  say ""
  say "The commit was stopped, nothing was changed. Mended:"
  printf 'if true; then\n  echo hello\nfi\n' >hello.sh
  git add hello.sh
  type_in git commit -m "Say hello" || stop "the mended script was refused"
  type_in git push origin main || stop "the push was refused"
  cd /
  say ""
  say "In your own repository: \`guard init\`."
}

main() {
  here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
  wants_demo=no
  for word in "$@"; do
    case "$word" in
      --demo) wants_demo=yes ;;
      -h | --help)
        sed -n '2,8s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
      *) stop "unknown argument \`$word\`" "./install.sh [--demo]" ;;
    esac
  done
  build
  place
  if [ "$wants_demo" = yes ]; then
    demo
  else
    say "next: cd your-repository && guard install"
  fi
}

main "$@"
