#!/bin/sh
# Installs the load generator of the benchmarks from Debian's packages, where it is missing. Not root: says what is
# missing and how to get it, and ends with 1.
set -eu
has_wrk() { command -v wrk >/dev/null; }
if has_wrk; then exit 0; fi

how='install the package "wrk" of your system'
if command -v apt-get >/dev/null; then how='run as root: apt-get install wrk'; fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "npm run bench needs the load generator wrk, which is missing. To get it, $how" >&2
  exit 1
fi

# One at a time: another one may be installing the same.
if [ "${1:-}" != --alone ]; then exec flock /run/lock/hearthkey-test-servers "$0" --alone; fi

echo 'Installing the package wrk for the benchmarks …' >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install='apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends wrk'
# shellcheck disable=SC2086 # a list of words
if ! { apt-get -q update && $install; } >"$log" 2>&1 </dev/null || ! has_wrk; then
  tail -n 20 "$log" >&2
  echo "wrk could not be installed. To get it, $how" >&2
  exit 1
fi
