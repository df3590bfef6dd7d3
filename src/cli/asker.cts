/**
 * Who runs the command line, and the terminal that it prints on. The service records the one and fits tables into the
 * other. Node.js can't ask a socket who is at its other end, so these are claims of this process; but only root and the
 * service's own user can open the socket.
 */
import fs = require('node:fs');
import os = require('node:os');
import tty = require('node:tty');

interface Asker {
  uid: number | undefined;
  unixUser: string | undefined;
  sudoUser: string | undefined;
  /** The login name, which stays the same through `su` and `sudo`; undefined: there was no login, as for a cron job. */
  loginUser: string | undefined;
  tty: string | undefined;
  /** Undefined: standard output is no terminal. */
  columns: number | undefined;
  hasColour: boolean;
}

/** Where a terminal doesn't know how wide it is. */
const usualColumns = 80;
const mostColumns = 1000;

function asker(environment: NodeJS.ProcessEnv): Asker {
  const isTerminal = tty.isatty(1);
  const columns = Math.min(process.stdout.columns || usualColumns, mostColumns);
  return {
    uid: process.getuid?.(),
    unixUser: userName(),
    sudoUser: environment['SUDO_USER']?.slice(0, 100),
    loginUser: loginName(),
    tty: terminalName(),
    columns: isTerminal ? columns : undefined,
    // https://no-color.org: set to anything but nothing.
    hasColour: isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb',
  };
}

/** Undefined: the system knows no name for the user. */
function userName(): string | undefined {
  try {
    return os.userInfo().username.slice(0, 100);
  } catch {
    return undefined;
  }
}

/** As the system says it. */
const nobodyLoggedIn = '4294967295';

/** By the number that the system keeps of a login: it stays the same through `su` and `sudo -i`. */
function loginName(): string | undefined {
  try {
    const uid = fs.readFileSync('/proc/self/loginuid', 'utf8').trim();
    const lines = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
    const name = lines.map((line) => line.split(':')).find((fields) => fields[2] === uid)?.[0];
    // Users of a directory service are in no file: their number names them as well.
    return uid === nobodyLoggedIn || !/^\d{1,10}$/.test(uid)
      ? undefined
      : (name ?? `uid:${uid}`).slice(0, 100);
  } catch {
    return undefined;
  }
}

/** As `tty` prints it, without `/dev/`: of standard input, else of what is printed on. */
function terminalName(): string | undefined {
  for (const descriptor of [0, 2, 1]) {
    if (!tty.isatty(descriptor)) continue;
    try {
      const name = fs.readlinkSync(`/proc/self/fd/${String(descriptor)}`).replace(/^\/dev\//, '');
      if (/^[A-Za-z0-9/_.-]{1,100}$/.test(name)) return name;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

export = { asker };
