#!/bin/sh
# Installs from Debian's packages what the tests run besides Node.js, where it is missing. Not root: says what is
# missing, and the tests that need it are skipped by name. Nothing that is installed here is left running.
set -eu
PATH=$PATH:/usr/sbin:/sbin

missing=''
need() { # PACKAGE, and a command that fails where it is missing; programs are looked for, not run: that is quicker
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
need curl command -v curl
need openssl command -v openssl
need sudo command -v sudo
need nginx command -v nginx
need caddy command -v caddy
need pgbouncer command -v pgbouncer
need redis-server command -v redis-server
need php-cli command -v php
for extension in /usr/lib/php/*/curl.so; do break; done
need php-curl test -e "$extension"
for initdb in /usr/lib/postgresql/*/bin/initdb; do break; done
need chromium-headless-shell command -v chromium-headless-shell
need git command -v git
need zip command -v zip
need lintian command -v lintian
need debootstrap command -v debootstrap
need systemd command -v systemd-analyze
need postgresql test -x "$initdb"
need spin command -v spin
need gcc command -v gcc
need libc6-dev test -e /usr/include/stdio.h
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "Tests that need these packages are skipped (npm test installs them as root):$missing" >&2
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Tests that need these packages are skipped (there is no apt-get to install them):$missing" >&2
  exit 0
fi

# One at a time: another one may be installing the same.
if [ "${1:-}" != --alone ]; then exec flock /run/lock/hearthkey-test-servers "$0" --alone; fi

echo "Installing packages for the tests:$missing …" >&2
log=$(mktemp)
# A package starts its service when it is installed, unless this file says that none may be started.
policy=/usr/sbin/policy-rc.d
made_policy=no
# PostgreSQL's package also makes a server's data, unless a file in this folder says that it need not.
postgres_conf=/etc/postgresql-common/createcluster.d
trap 'rm -f "$log" $postgres_conf/hearthkey-tests.conf; [ $made_policy = no ] || rm -f $policy' EXIT
trap 'exit 1' INT TERM HUP
if [ ! -e $policy ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
fi
case $missing in
*postgresql*)
  mkdir -p $postgres_conf
  echo 'create_main_cluster = false' >$postgres_conf/hearthkey-tests.conf
  ;;
esac
export DEBIAN_FRONTEND=noninteractive
install='apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends'
# shellcheck disable=SC2086 # both are lists of words
if ! { apt-get -q update && $install $missing; } >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  echo "These packages could not be installed; tests that need them are skipped:$missing" >&2
  exit 1
fi
