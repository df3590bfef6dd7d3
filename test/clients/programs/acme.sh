#!/usr/bin/env bash
# DNS challenges in the manner of acme.sh and lego: JSON, each label walked up until an answer has no `Error:` in it,
# then the TXT record is added, or found by the spacing of the JSON and deleted.
# acme.sh add|remove NAME VALUE; URL, ACCESS_KEY, SECRET_KEY and USER are in the environment.
set -u

call() { # COMMAND [ARG…]: the body into `answer`; 1 where it has `Error:` in it
  local command=$1 data arg number=0
  shift
  data="{\"access_key\":\"$ACCESS_KEY\",\"secret_key\":\"$SECRET_KEY\",\"cmd\":\"$command\""
  for arg in "$@"; do
    number=$((number + 1))
    data="$data,\"arg$number\":\"$arg\""
  done
  answer=$(curl --silent --insecure -X POST -H 'Content-Type: application/json' --data "$data}" "$URL") || exit 15
  if [[ $answer == *Error:* ]]; then
    echo "$command $* -> $answer"
    return 1
  fi
  if [ -z "$answer" ]; then echo "$command $* -> done"; else echo "$command $* -> text"; fi
}

find_zone() { # NAME: zone and record
  local place=1
  while true; do
    zone=$(cut -d . -f "$place-" <<<"$1")
    [ -n "$zone" ] || return 1
    if call v-list-dns-records "$USER" "$zone" json; then
      record=$(cut -d . -f "1-$((place - 1))" <<<"$1")
      return 0
    fi
    place=$((place + 1))
    [ "$place" -le 9 ] || return 1
  done
}

# `ID|VALUE` for each TXT record of that name: one entry to a line, picked by its exact spacing.
matching() {
  tr -d '\n' <<<"$answer" | sed 's/},/}\n/g' | grep -F "\"RECORD\": \"$record\"" | grep -F '"TYPE": "TXT"' |
    sed -n 's/.*"VALUE": "\([^"]*\)".*"ID": "\([^"]*\)".*/\2|\1/p'
}

find_zone "$2" || {
  echo 'no zone'
  exit 1
}
case $1 in
  add)
    if matching | grep -qF "$3"; then
      echo 'is there already'
      exit 0
    fi
    call v-add-dns-record "$USER" "$zone" "$record" TXT "$3" '' '' yes 600 || exit 1
    ;;
  remove)
    matching | while IFS='|' read -r id value; do
      [[ $value == *"$3"* ]] || continue
      call v-delete-dns-record "$USER" "$zone" "$id" yes || exit 1
    done
    ;;
esac
