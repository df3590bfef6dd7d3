# What the commands in this folder share; each of them reads it. No shell of a client ever runs these words: arguments
# come one by one, and every one is checked here before it becomes a path or a line of a file.
set -u
LC_ALL=C
export LC_ALL
umask 077
# Where the panel keeps its files: HEARTHKEY_HESTIA_ROOT of the service (see ../new-panel).
panel=${HESTIA:-}

# fail CODE TEXT: as Hestia's commands do, on standard output.
fail() {
  echo "Error: $2"
  exit "$1"
}

# need COUNT ARGUMENTS...: what is missing is shown by the options in the command's head.
need() {
  count=$1
  shift
  [ $# -ge "$count" ] && return
  echo "Usage: $(basename "$0") $(sed -n 's/^# options: //p' "$0")"
  exit 1
}

# matches TEXT PATTERN: the whole of one line.
matches() {
  case $1 in *"
"*) return 1 ;; esac
  printf '%s\n' "$1" | grep -qE "^($2)\$"
}

name_pattern='[A-Za-z0-9]([A-Za-z0-9_.-]{0,28}[A-Za-z0-9])?'
domain_pattern='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+'

# have_panel: for the commands that need its files.
have_panel() {
  [ -n "$panel" ] && [ -d "$panel/data/users" ] || fail 11 "there is no panel here (see examples/new-panel)"
}

# have_user NAME
have_user() {
  have_panel
  matches "$1" "$name_pattern" || fail 2 "invalid user format"
  [ -f "$panel/data/users/$1/user.conf" ] || fail 3 "user $1 doesn't exist"
}

# have_active_user NAME
have_active_user() {
  have_user "$1"
  [ "$(value_of "$1" SUSPENDED)" = no ] || fail 5 "user $1 is suspended"
}

check_domain() {
  [ ${#1} -le 253 ] && matches "$1" "$domain_pattern" || fail 2 "invalid domain format"
}

# value_of USER KEY
value_of() {
  sed -n "s/^$2='\(.*\)'\$/\1/p" "$panel/data/users/$1/user.conf"
}

# change_value USER KEY VALUE: a new file in the place of the old, so that nobody reads half of one.
change_value() {
  file=$panel/data/users/$1/user.conf
  {
    grep -v "^$2='" "$file"
    echo "$2='$3'"
  } >"$file.$$" && mv "$file.$$" "$file"
}

# alone: commands that change the panel's files take turns; the lock ends with the command.
alone() {
  exec 9>"$panel/data/lock"
  flock 9
}

# read_secret WORD: a `-` stands for the next line of standard input (`# secrets: stdin` in a command's head asks for
# it), so that the secret is in no list of processes.
read_secret() {
  secret=$1
  [ "$secret" = - ] && { IFS= read -r secret || secret=; }
  [ ${#secret} -ge 6 ] || fail 2 "invalid password: expected 6 characters or more"
}

# hash_secret: how passwords are kept here (crypt's SHA-512, with a salt of its own).
hash_secret() {
  printf '%s\n' "$secret" | perl -e '
    open my $random, "<", "/dev/urandom" or die; read $random, my $bytes, 16;
    my @set = ("a".."z", "A".."Z", 0..9); my $salt = join "", map { $set[ord($_) % @set] } split //, $bytes;
    chomp(my $password = <STDIN>); print crypt($password, "\$6\$$salt\$");'
}

# json_entries: lines of `NAME KEY=VALUE KEY=VALUE…`, between tabs, as an object of objects.
json_entries() {
  awk -F '\t' '
    function quoted(text) { gsub(/[\\"]/, "\\\\&", text); return "\"" text "\"" }
    BEGIN { printf "{" }
    {
      printf "%s\n    %s: {", (NR > 1 ? "," : ""), quoted($1)
      for (i = 2; i <= NF; i++) {
        at = index($i, "=")
        printf "%s\n        %s: %s", (i > 2 ? "," : ""), quoted(substr($i, 1, at - 1)), quoted(substr($i, at + 1))
      }
      printf "\n    }"
    }
    END { print "\n}" }'
}

# columns: the same lines for people.
columns() {
  awk -F '\t' '{ printf "%-24s", $1; for (i = 2; i <= NF; i++) printf " %s", $i; print "" }'
}

# show FORMAT: what comes in as entries goes out as it was asked for.
show() {
  case $1 in
    json) json_entries ;;
    '' | shell | plain) columns ;;
    *) fail 2 "invalid format" ;;
  esac
}
