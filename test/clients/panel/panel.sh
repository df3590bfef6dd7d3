# What the panel's commands share: where its things are, and how a missing one is named.
records=$(dirname "$0")/../records

fail() { # CODE MESSAGE
  echo "Error: $2"
  exit "$1"
}
zone_of() { # USER DOMAIN: the zone's folder, which has to be there
  zone=$records/$1/dns/$2
  [ -d "$zone" ] || fail 3 "dns domain $2 doesn't exist"
}
site_of() { # USER DOMAIN: the domain's file, which has to be there
  site=$records/$1/web/$2
  [ -f "$site" ] || fail 3 "web domain $2 doesn't exist"
}
