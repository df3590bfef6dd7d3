import { meantText } from '../../text/nearest-name.js';
import type { FindingText } from './finding-text.js';

const endsOf = (days: number): string => `ends in ${String(days)} ${days === 1 ? 'day' : 'days'}`;

/** Findings about settings, addresses, files and the machine, in English. */
export const setupFindings = {
  disk_full: ({ dataDir, freeMiB }: { dataDir: string; freeMiB: number }): FindingText => ({
    subject: `data directory ${dataDir}`,
    problem: `only ${String(freeMiB)} MiB are free; without room for the audit every request is refused`,
    advice: 'make room on that disk',
  }),
  certificate_unreadable: ({ file }: { file: string }): FindingText => certificate(file, "can't be read"),
  certificate_ended: ({ file }: { file: string }): FindingText => certificate(file, 'has ended'),
  certificate_ends_soon: ({ file, days }: { file: string; days: number }): FindingText =>
    certificate(file, endsOf(days)),
  setting_unknown: ({ name, meant }: { name: string; meant: string }): FindingText => ({
    subject: name,
    problem: `is set, but there is no such setting${meantText(meant === '' ? undefined : meant)}`,
    advice: 'correct its name, or take it away (docs/configuration.md lists all)',
  }),
  setting_idle: ({ name }: { name: string }): FindingText => ({
    subject: name,
    problem: 'has no effect: there is no directory of executables to run',
    advice: 'set HEARTHKEY_COMMANDS_DIR or HEARTHKEY_HESTIA_ROOT, or take it away',
  }),
  setting_for_one_start: ({ name }: { name: string }): FindingText => ({
    subject: name,
    problem: 'is meant for one start: with it a missing or wrong pepper goes unnoticed',
    advice: 'take it away',
  }),
  command_writable: ({ command, problem }: { command: string; problem: string }): FindingText => ({
    subject: `HEARTHKEY_COMMANDS_DIR: ${command || 'every command'}`,
    problem: `is not run: ${problem}`,
    advice: 'give it to root and take the right to write away from others (chown root, chmod go-w)',
  }),
  user_commands_never_run: (about: {
    names: readonly string[];
    missing: readonly string[];
  }): FindingText => ({
    subject: `HEARTHKEY_COMMANDS_DIR: ${about.names.join(', ')}`,
    problem: 'never run: the built-in commands of these names do',
    advice:
      about.missing.length === 0
        ? 'start the service again: the directory supplies the users now'
        : `add ${about.missing.join(', ')}, so that the directory supplies the users, or take them away`,
  }),
  loopback_trusted: ({ range }: { range: string }): FindingText => ({
    subject: `HEARTHKEY_TRUSTED_PROXIES ${range}`,
    problem: 'every process of this machine can say for which address it asks, also those of customers',
    advice:
      'serve the proxy at a Unix socket (HEARTHKEY_LISTEN=unix:/run/hearthkey/http.sock) and take the address out',
  }),
  tls_missing: ({ place }: { place: string }): FindingText => ({
    subject: `HEARTHKEY_LISTEN ${place}`,
    problem: 'can be reached from other networks without TLS, and secrets are readable on their way there',
    advice:
      'set HEARTHKEY_TLS_CERT and HEARTHKEY_TLS_KEY, or listen at 127.0.0.1 or a Unix socket behind a proxy that has TLS',
  }),
  disk_fills: ({
    dataDir,
    perDay,
    days,
  }: {
    dataDir: string;
    perDay: string;
    days: number;
  }): FindingText => ({
    subject: `data directory ${dataDir}`,
    problem: `the audit record grows by ${perDay} a day, and the disk lasts for ${String(days)} days`,
    advice:
      'make room on that disk, or set HEARTHKEY_AUDIT_KEEP or HEARTHKEY_AUDIT_KEEP_SIZE (docs/audit.md)',
  }),
  database_not_durable: ({ setting, problem }: { setting: string; problem: string }): FindingText => ({
    subject: `PostgreSQL setting ${setting}`,
    problem,
    advice: `set ${setting} = on on the server`,
  }),
  nobody_allowed: (): FindingText => ({
    subject: 'API_ALLOWED_IP',
    problem: 'is empty, so every request is refused, although the API is on',
    advice: "let each client's address in (v-add-sys-api-ip --help), or v-change-sys-api disable",
  }),
  everybody_allowed: ({ entry }: { entry: string }): FindingText => ({
    subject: `API_ALLOWED_IP ${entry}`,
    problem: 'lets requests in from everywhere',
    advice: `let each client's address in (v-add-sys-api-ip --help), then v-delete-sys-api-ip ${entry}`,
  }),
  own_address_missing: ({ missing }: { missing: readonly string[] }): FindingText => ({
    subject: 'API_ALLOWED_IP',
    problem:
      `was taken over and lacks this server's own ${missing.join(', ')}: what runs on it and calls the API is ` +
      "refused, such as the panel's own pages, phpMyAdmin's single sign-on and local scripts",
    advice: missing.map((address) => `v-add-sys-api-ip ${address}`).join(', '),
  }),
  proxy_untrusted: (about: { address: string; count: number; isLoopback: boolean }): FindingText => {
    const { address, count, isLoopback } = about;
    return {
      subject: `requests from ${address}`,
      problem:
        `${String(count)} carried X-Forwarded-For, which counts for nothing: ${address} is not in ` +
        'HEARTHKEY_TRUSTED_PROXIES, so all of them count as its own',
      advice: isLoopback
        ? 'if a proxy on this machine sends them, read docs/client-address.md'
        : `if it is your proxy, add ${address} to HEARTHKEY_TRUSTED_PROXIES and restart the service`,
    };
  },
};

function certificate(file: string, problem: string): FindingText {
  const advice = 'put a new one in its place and send the service SIGHUP';
  return { subject: `TLS certificate ${file}`, problem, advice };
}
