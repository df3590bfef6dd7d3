#!/usr/bin/env bash
# The master of a Hestia DNS cluster: what it sends to the node that this service stands for. Each request has all of
# arg1 … arg8, empty ones too, and returncode=yes; the master logs in with a hash, or with user and password.
# dns-master.sh add-host | sync ZONE_DIR | add-zone ZONE_FILE | delete-zone DOMAIN | add-record DOMAIN DATA
#   | delete-record DOMAIN ID | remove-host
# URL, DNS_USER, HOST, and HASH or USER and PASSWORD are in the environment. Prints each request with its answer and
# ends with the first answer that is not 0.
set -u

call() { # COMMAND [ARG…]
  local command=$1 answer options=() number
  shift
  if [ -n "${HASH:-}" ]; then
    options+=(--data-urlencode "hash=$HASH")
  else
    options+=(--data-urlencode "user=$USER" --data-urlencode "password=$PASSWORD")
  fi
  local args=("$@")
  for number in 1 2 3 4 5 6 7 8; do
    options+=(--data-urlencode "arg$number=${args[$((number - 1))]:-}")
  done
  answer=$(curl --silent --insecure "${options[@]}" --data-urlencode returncode=yes \
    --data-urlencode "cmd=$command" "$URL") || exit 15
  local shown=("${args[@]}")
  if [ "$command" = v-make-tmp-file ]; then shown[0]="($(wc -l <<<"${args[0]}") lines)"; fi
  echo "$command ${shown[*]} -> $answer"
  if [ "$answer" != 0 ]; then exit "${answer//[^0-9]/}"; fi
}

send_zone() { # ZONE_FILE: named after its domain
  local domain
  domain=$(basename "$1" .conf)
  call v-insert-dns-domain "$DNS_USER" "DOMAIN='$domain' IP='203.0.113.9' TTL='14400' SUSPENDED='no'" "$HOST" domain no
  call v-make-tmp-file "$(cat "$1")" "/tmp/vst-sync.$domain"
  call v-insert-dns-records "$DNS_USER" "$domain" "/tmp/vst-sync.$domain" no
}

case $1 in
  add-host)
    call v-list-sys-config
    call v-list-user "$DNS_USER"
    ;;
  sync)
    call v-list-sys-config
    call v-delete-dns-domains-src "$DNS_USER" "$HOST" no
    for zone in "$2"/*.conf; do send_zone "$zone"; done
    call v-rebuild-dns-domains "$DNS_USER" no
    call v-add-cron-restart-job
    ;;
  add-zone)
    send_zone "$2"
    call v-rebuild-dns-domain "$DNS_USER" "$(basename "$2" .conf)" no
    ;;
  delete-zone) call v-delete-dns-domain "$DNS_USER" "$2" no ;;
  add-record)
    call v-insert-dns-record "$DNS_USER" "$2" "$3"
    call v-rebuild-dns-domain "$DNS_USER" "$2" no
    ;;
  delete-record)
    call v-delete-dns-record "$DNS_USER" "$2" "$3" no
    call v-rebuild-dns-domain "$DNS_USER" "$2" no
    ;;
  remove-host) call v-delete-dns-domains-src "$DNS_USER" "$HOST" no ;;
esac
