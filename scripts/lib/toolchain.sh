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

# The oldest Swift that compiles the sources.
swift_needed=6.3

# Whether the compiler finds a C header.
has_header() {
  clang -E -x c - <<<"#include <$1>" >/dev/null 2>&1
}

# Whether a program in C and one in C++ can be linked: clang comes without crtbegin.o and libgcc,
# which are GCC's.
can_link() {
  local program
  program=$(mktemp "${TMPDIR:-/tmp}/devlake-link.XXXXXX")
  clang -x c -o "$program" - <<<'int main(void) { return 0; }' >/dev/null 2>&1 &&
    clang++ -x c++ -o "$program" - <<<'#include <string>
int main() { return (int)std::string().size(); }' >/dev/null 2>&1
  local code=$?
  rm -f "$program"
  return "$code"
}

# Stops when `swift` is missing or older than the sources need.
require_swift() {
  local found
  command -v swift >/dev/null ||
    fail "devlake-shell needs the Swift toolchain, $swift_needed or newer, on PATH:" \
      'https://www.swift.org/install'
  found=$(swift --version 2>/dev/null </dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p' | head -n 1)
  [[ -n $found ]] || fail "'swift --version' names no version; $swift_needed or newer is needed"
  [[ $(printf '%s\n' "$swift_needed" "$found" | sort -V | head -n 1) == "$swift_needed" ]] ||
    fail "devlake-shell needs Swift $swift_needed or newer; this is $found:" \
      'https://www.swift.org/install'
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

# install PACKAGE…: by apt, with a fresh package list only if the present one is not enough. What apt
# says is shown only when it fails.
install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120) said
  as_root true || return
  as_root "${apt[@]}" install --no-install-recommends "$@" </dev/null >/dev/null 2>&1 && return
  said=$({ as_root "${apt[@]}" update &&
    as_root "${apt[@]}" install --no-install-recommends "$@"; } </dev/null 2>&1) && return
  tail -n 5 <<<"$said" >&2
  return 1
}

# Makes sure that what a build needs is there, and the programs named (tmux for the tests).
# shellcheck disable=SC2120 # a build alone names none
require_programs() {
  local program missing=()
  require_swift
  # clang comes with Swift; beside it if only `swift` was linked into PATH.
  command -v clang >/dev/null || PATH=$PATH:$(dirname "$(readlink -f "$(command -v swift)")")
  can_link || missing+=(g++)
  has_header histedit.h || missing+=(libedit-dev)
  has_header zlib.h || missing+=(zlib1g-dev)
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  ((${#missing[@]})) || return 0

  if command -v apt-get >/dev/null; then
    say "Missing: ${missing[*]}. Trying to install them with apt-get."
    install "${missing[@]}" && return
    fail "They could not be installed. As root: apt-get install ${missing[*]}"
  fi
  say "Missing (Debian package names): ${missing[*]}"
  fail 'Install them and try again. Fedora: gcc-c++ libedit-devel zlib-devel tmux;' \
    'Arch: gcc libedit zlib tmux; openSUSE: gcc-c++ libedit-devel zlib-devel tmux.'
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

# build_swift LOG OPTION…: `swift build`. Where there is no terminal its words go to LOG, and one line
# a minute says how far it is.
build_swift() {
  local log=$1 code=0 ticker
  shift
  if [[ -t 2 ]]; then
    run_swift build "$@" >&2 || fail 'The build failed.'
    return
  fi
  # The pause holds no stream open, and a script that was killed is not outlived for long.
  while sleep 60 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    say "Still building, $(grep -oE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 1)"
  done </dev/null &
  ticker=$!
  run_swift build "$@" >"$log" 2>&1 || code=$?
  kill "$ticker" 2>/dev/null || true
  ((code)) || return 0
  tail -n 60 "$log" >&2
  ! grep -qE 'Git command .* failed|unable to access' "$log" ||
    say 'The first build fetches its dependencies from github.com.'
  fail 'The build failed.'
}

# note_source PROGRAM: appends a line with the commit it was built from, which `--version --json`
# shows (SourceStamp.swift). Sources without git leave none.
note_source() {
  local commit date modified=false line old size
  commit=$(git -C "$root" rev-parse --verify -q HEAD 2>/dev/null) || return 0
  date=$(TZ=UTC0 git -C "$root" log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)
  [[ -z $(git -C "$root" status --porcelain --untracked-files=no) ]] || modified=true
  line="devlake-shell-source commit=$commit date=$date modified=$modified"
  old=$(tail -c 256 "$1" | LC_ALL=C grep -a '^devlake-shell-source ' | tail -n 1 || true)
  [[ $old != "$line" ]] || return 0
  size=$(stat -c %s "$1")
  # The program may be running, so a copy takes its place.
  {
    head -c $((size - (${#old} ? ${#old} + 2 : 0))) "$1"
    printf '\n%s\n' "$line"
  } >"$1.noted"
  chmod --reference="$1" "$1.noted"
  mv "$1.noted" "$1"
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
