#!/usr/bin/env bash
# A client in the manner of the wrapper script that users of the API know: prints the answer, ends with its code.
# It sends JSON and leaves the content type to curl, which calls everything a form.
# Usage: wrapper.sh [-u|--user-password] [-h|--hash] COMMAND [ARG1] … [ARG13]
#        wrapper.sh -l|--list [PATTERN]
# host, port and credentials are in .wrapper.conf, in the home folder or (which wins) in the current one.
set -u

for conf in ~/.wrapper.conf ./.wrapper.conf; do
  if [ -f "$conf" ]; then . "$conf"; fi
done

quote() { # TEXT as a JSON string
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  printf '"%s"' "${text//$'\t'/\\t}"
}

field() { # NAME VALUE: one more member of the request
  request+=", $(quote "$1"): $(quote "$2")"
}

request='"returncode": "no"'
case "${1:-}" in
  -u | --user-password)
    field user "$user"
    field password "$password"
    shift
    ;;
  -h | --hash)
    field hash "$hash"
    shift
    ;;
  *)
    field access_key "$access_key"
    field secret_key "$secret_key"
    ;;
esac
case "${1:-}" in
  -l | --list) set -- v-list-commands "${@:2:1}" ;;
  '')
    sed -n 's/^# \(Usage:\)/\1/p; s/^#  \( *wrapper.sh\)/ \1/p' "$0" >&2
    exit 1
    ;;
esac

field cmd "$1"
shift
number=0
for arg in "${@:1:13}"; do
  number=$((number + 1))
  field "arg$number" "$arg"
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '{%s}' "$request" |
  curl --silent --show-error --cacert "$ca_file" --dump-header "$folder/head" --output "$folder/body" \
    --data-binary @- "https://$host:$port/api/" || exit 15

cat "$folder/body"
# Written for a server that speaks HTTP/2: in lower case or not at all, as for the older credentials.
code=$(tr -d '\r' <"$folder/head" | sed -n 's/^hestia-exit-code: *//p')
exit "${code:-0}"
