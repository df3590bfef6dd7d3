#!/usr/bin/env bash
# In the manner of a DNS cluster's main node: sends a zone to another node, each step with returncode=yes.
# cluster.sh USER DOMAIN RECORDS_FILE; URL, CA_FILE, HASH and TMP (the other node's folder) are in the environment.
# Prints each step with its code and ends with the first one that isn't 0.
set -u
user=$1 domain=$2 records=$3

call() { # COMMAND, then options of curl that name its arguments
  local command=$1 code
  shift
  code=$(curl --silent --cacert "$CA_FILE" "$URL" --data-urlencode "hash=$HASH" --data returncode=yes \
    --data "cmd=$command" "$@") || exit 15
  echo "$command $code"
  if [ "$code" != 0 ]; then exit "$code"; fi
}

call v-insert-dns-domain --data-urlencode "arg1=$user" --data-urlencode "arg2=DOMAIN='$domain' TTL='14400'" \
  --data-urlencode arg3=main.example.com
# A file is handed over under a name that only this run uses.
name=records.$$.$RANDOM
call v-make-tmp-file --data-urlencode "arg1@$records" --data-urlencode "arg2=$name"
call v-insert-dns-records --data-urlencode "arg1=$user" --data-urlencode "arg2=$domain" \
  --data-urlencode "arg3=$TMP/$name"
call v-rebuild-dns-domain --data-urlencode "arg1=$user" --data-urlencode "arg2=$domain"
