# shellcheck shell=bash
# What the scripts share: where the repository is, what a build needs, when one is due.
# Sourced; the caller has set `root` to the repository's folder.
# shellcheck disable=SC2154 # which is that
# Everything said here goes to stderr, and nothing reads stdin: both are the program's.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

# Whether the compiler finds a C header.
has_header() {
  clang -E -x c - <<<"#include <$1>" >/dev/null 2>&1
}

# Runs a command as root, if this user can become it; asks for a password on a terminal only.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif ! command -v sudo >/dev/null; then
    return 1
  elif sudo -n true 2>/dev/null; then
    sudo -n "$@"
  elif [[ -t 2 ]]; then
    sudo "$@"
  else
    return 1
  fi
}

# install PACKAGE…: by apt, with a fresh package list only if the present one does not do.
install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120)
  as_root "${apt[@]}" install --no-install-recommends "$@" </dev/null >/dev/null 2>&1 &&
    return
  as_root "${apt[@]}" update </dev/null >&2 &&
    as_root "${apt[@]}" install --no-install-recommends "$@" </dev/null >&2
}

# Makes sure that what a build needs is there, and the programs named (tmux for the tests).
# shellcheck disable=SC2120 # a build alone names none
require_programs() {
  local program missing=()
  command -v swift >/dev/null ||
    fail 'devlake-shell needs the Swift toolchain, 6.3 or newer, on PATH: https://www.swift.org/install'
  # clang comes with Swift; beside it if only `swift` was linked into PATH.
  command -v clang >/dev/null || PATH=$PATH:$(dirname "$(readlink -f "$(command -v swift)")")
  has_header histedit.h || missing+=(libedit-dev)
  has_header yaml.h || missing+=(libyaml-dev)
  has_header zlib.h || missing+=(zlib1g-dev)
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  ((${#missing[@]})) || return 0

  if command -v apt-get >/dev/null; then
    say "Installing ${missing[*]}"
    install "${missing[@]}" && return
    fail "could not install them; as root: apt-get install ${missing[*]}"
  fi
  say "missing (by their Debian names): ${missing[*]}"
  fail 'Install them and try again. Fedora: libedit-devel libyaml-devel zlib-devel tmux;' \
    'Arch: libedit libyaml zlib tmux; openSUSE: libedit-devel libyaml-devel zlib-devel tmux.'
}

# `swift`, also where there is no home folder to keep caches in.
run_swift() {
  if [[ -n ${HOME-} && -w $HOME ]]; then
    swift "$@" </dev/null
  else
    mkdir -p "$root/.build/home"
    HOME=$root/.build/home swift "$@" </dev/null
  fi
}

# Sets `programs` to the folder of the release programs, after building them if a source is newer.
#
# It runs before every start, so it costs one `find`. DEVLAKE_PROGRAMS names another folder, whose
# programs are taken as they are.
use_release() {
  programs=${DEVLAKE_PROGRAMS:-}
  [[ -z $programs ]] || return 0
  programs=$root/.build/release
  local stamp=$root/.build/release.stamp
  if [[ ! -e $stamp || ! -x $programs/devlake-shell || ! -x $programs/devlake-simulator ]] ||
    [[ -n $(find "$root"/Package.* "$root/Sources" "$root/Tests/DevLakeSimulator" \
      "$root/scripts/build-release" -newer "$stamp" -print -quit) ]]; then
    "$root/scripts/build-release"
  fi
}
