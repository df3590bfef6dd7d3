# The services that the panel manages: a file for each in its `services` folder. An executable is a daemon that these
# commands start and stop themselves; any other file holds the name of a unit of systemd.
. "$(dirname "$0")/panel.sh"

# have_service NAME
have_service() {
  have_panel
  matches "$1" '[a-z0-9]([a-z0-9@._-]{0,62}[a-z0-9])?' || fail 2 "invalid service format"
  service=$panel/services/$1
  pid_file=$panel/run/$1.pid
  [ -f "$service" ] || fail 3 "service $1 doesn't exist"
}

# pid_of_daemon: its process, where it runs and is really it.
pid_of_daemon() {
  pid=$(cat "$pid_file" 2>/dev/null) && matches "$pid" '[0-9]{1,10}' || return 1
  tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$service" && echo "$pid"
}

start_daemon() {
  pid_of_daemon >/dev/null && return
  mkdir -p "$panel/run"
  # Out of the command's process group, and not at its output: it stays when the command ends.
  setsid "$service" </dev/null >/dev/null 2>&1 9>&- &
  echo $! >"$pid_file"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    pid_of_daemon >/dev/null && return
    sleep 0.1
  done
  fail 20 "service $(basename "$service") did not start"
}

stop_daemon() {
  pid=$(pid_of_daemon) || return 0
  kill "$pid"
  for _ in $(seq 100); do
    pid_of_daemon >/dev/null || break
    sleep 0.05
  done
  pid_of_daemon >/dev/null && fail 20 "service $(basename "$service") did not stop"
  rm -f "$pid_file"
}

# act ACTION: by systemd where the service is a unit.
act() {
  if [ ! -x "$service" ]; then
    systemctl "$1" -- "$(head -n 1 "$service")" >/dev/null 2>&1 || fail 20 "systemd could not $1 it"
    return
  fi
  alone
  [ "$1" = start ] || stop_daemon
  [ "$1" = stop ] || start_daemon
}

# state_of: `running MINUTES` or `stopped 0`.
state_of() {
  up=$(cut -d ' ' -f 1 /proc/uptime)
  if [ -x "$service" ]; then
    pid=$(pid_of_daemon) || { echo 'stopped 0'; return; }
    # The 20th field after the name: when it began, in ticks of the machine's uptime.
    began=$(sed 's/^.*) //' "/proc/$pid/stat" | cut -d ' ' -f 20)
    awk -v up="$up" -v began="$began" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "running %d\n", (up - began / hz) / 60 }'
    return
  fi
  shown=$(systemctl show -p ActiveState -p ActiveEnterTimestampMonotonic -- "$(head -n 1 "$service")" 2>/dev/null)
  case $shown in
    *ActiveState=active*) echo "$shown" | awk -F = -v up="$up" '/Monotonic/ { printf "running %d\n", (up - $2 / 1e6) / 60 }' ;;
    *) echo 'stopped 0' ;;
  esac
}
