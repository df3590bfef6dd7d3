import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseAddressRange } from '../network/address-range.js';
import { userNamePattern } from '../text/names.js';
import { systemReason } from '../text/system-reason.js';
import { secretProblems } from './alert-webhooks.js';
import { alertLists, alertProblems, alertSchema, resolveAlerts } from './alert-settings.js';
import { auditExportProblems, auditExportSchema, resolveAuditExport } from './audit-export-settings.js';
import { auditRecordProblems, auditRecordSchema, resolveAuditRecord } from './audit-record-settings.js';
import { auditWitnesses } from './audit-witnesses.js';
import { databaseUrl } from './database-url.js';
import { parseEnvFile, type EnvFile } from './env-file.js';
import { httpTimeouts } from './http-limits.js';
import { keySchema, resolveKeys } from './key-settings.js';
import { defaultListenPlaces, listenPlaces } from './listen-setting.js';
import placesFile from './places.cjs';
import { publicUrl, publicUrlOf } from './public-url.js';
import { redisProblems, redisSchema, resolveRedis } from './redis-settings.js';
import { addressRanges, duration, yesNo } from './setting-forms.js';
import { hostBitWarnings, settingProblem } from './setting-problem.js';
import { withSecretFiles } from './secret-files.js';
import { resolveUpstream, upstreamProblems, upstreamSchema } from './upstream-settings.js';

/** The folder that relative paths are relative to: where package.json is, whatever the working directory. */
export const installationDir = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where settings and data are, unless a setting says otherwise. */
export const defaultPlaces = placesFile.placesOf(installationDir, process.env, process.geteuid?.() === 0);

/** Whether this is a clone, and no installed package. */
export const isClone = defaultPlaces.envFile === join(installationDir, '.env');

const absolute = (text: string): string => (isAbsolute(text) ? text : join(installationDir, text));

const path = z.string().min(1).transform(absolute);
const loopback = ['127.0.0.0/8', '::1'].map(parseAddressRange).filter((range) => range !== undefined);

/** Every setting of the service. A name here is the environment variable of that name, without `HEARTHKEY_`. */
const schema = z.object({
  LISTEN: listenPlaces(absolute).default(defaultListenPlaces),
  LISTEN_GROUP: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/, 'expected the name or the number of a group')
    .optional(),
  CONNECTIONS: z.coerce.number().int().min(16).max(1_000_000).default(4096),
  CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(4).max(1_000_000).default(512),
  ...{ TLS_CERT: path.optional(), TLS_KEY: path.optional() },
  DATA_DIR: path.default(defaultPlaces.dataDir),
  DATABASE_URL: databaseUrl.optional(),
  // Shorter ones would end while a busy machine catches its breath.
  LEASE: duration
    .refine((ms) => ms >= 200 && ms <= 600_000, 'expected a duration from 200ms to 10m')
    .default(5_000),
  SOCKET: path.optional(),
  RUN_DIR: z.union([z.literal('none'), path]).optional(),
  ...{ GATE_SOCKET: path.optional(), GATE_ROUTES: path.optional() },
  APIS_DIR: path.optional(),
  PEPPER_FILE: path.optional(),
  NEW_PEPPER: yesNo.default(false),
  ...{ COMMANDS_DIR: path.optional(), HESTIA_ROOT: path.optional() },
  COMMANDS_USER: z.string().regex(userNamePattern, 'expected the name of a system user').optional(),
  COMMANDS_SUDO: yesNo.default(false),
  // A timer of Node.js that is longer than this fires at once.
  COMMAND_TIMEOUT: duration
    .refine((ms) => ms >= 1 && ms < 2 ** 31, 'expected a duration from 1ms to 24d')
    .default(300_000),
  COMMAND_OUTPUT_LIMIT: z.coerce.number().int().min(1024).max(1_073_741_824).default(16_777_216),
  ...{ ...upstreamSchema, UPSTREAM_CA: path.optional() },
  ...{ ...redisSchema, REDIS_CA: path.optional() },
  TMP_DIR: path.default('/tmp'),
  REST_ROUTES: path.optional(),
  PANEL_URL: z
    .url({ protocol: /^https?$/, error: 'expected a URL that begins with https:// or http://' })
    .optional(),
  PUBLIC_URL: publicUrl.optional(),
  SESSIONS: yesNo.default(true),
  SESSIONS_FROM: addressRanges.optional(),
  CONSOLE: yesNo.default(true),
  TRUSTED_PROXIES: addressRanges.default([]),
  METRICS_FROM: addressRanges.default(loopback),
  ROOT_USER: z.string().regex(userNamePattern, 'expected a user name').default('admin'),
  ...keySchema,
  APPROVALS: z.enum(['1', '2'], 'expected 1 or 2').default('1'),
  FAILURE_LIMIT: z.coerce.number().int().min(0).max(1_000_000).default(60),
  FAST_PATH: yesNo.default(true),
  AUDIT_KEY_FILE: path.optional(),
  AUDIT_WITNESS: auditWitnesses(absolute).default([]),
  ...auditRecordSchema,
  ...{ ...auditExportSchema, AUDIT_EXPORT_CA: path.optional() },
  ...{ ...alertSchema, ALERT_CA: path.optional() },
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** These may be given as a file, by the same name with `_FILE`. */
const secrets = [
  ...['DATABASE_URL', 'REDIS_URL', 'REDIS_SENTINEL_PASSWORD'],
  ...['UPSTREAM_ACCESS_KEY', 'UPSTREAM_SECRET_KEY', 'AUDIT_EXPORT_HEADER'],
  ...['ALERT_WEBHOOK', 'ALERT_WEBHOOK_SECRET', 'ALERT_SMTP_URL'],
];

/** No message has a value of theirs in it. */
const hidden = [...secrets, 'UPSTREAM_URL', 'AUDIT_EXPORT', 'AUDIT_WITNESS'];

/** Which file holds further settings: it can't stand in that file. */
const envFile = 'ENV_FILE';

export const settingNames = [
  ...[envFile, ...Object.keys(schema.shape)],
  ...secrets.map((name) => `${name}_FILE`),
].map((name) => `HEARTHKEY_${name}`);

export type Config = Readonly<ReturnType<typeof resolveDefaults>>;

/** A setting has a value that the service can't use. `message` has one line for each, naming the variable. */
export class ConfigError extends Error {}

/**
 * Reads and checks the configuration once, at start.
 *
 * @param environment - every variable; unless it is given, those of the process and of its settings file. So no
 * program that brings its own can read an operator's settings.
 * @throws ConfigError naming each variable that has a bad value
 */
export function loadConfig(environment: NodeJS.ProcessEnv = ownEnvironment()): Config {
  const named: Record<string, string> = {};
  const unknownSettings: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('HEARTHKEY_') || value === undefined || value === '') continue;
    if (settingNames.includes(name)) named[name.slice('HEARTHKEY_'.length)] = value;
    else unknownSettings.push(name);
  }
  const { given, problems } = withSecretFiles(named, secrets, absolute, alertLists);
  const parsed = schema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.');
    problems.push(settingProblem(issue, hidden.includes(name) ? undefined : given[name]));
  }
  if ((given['TLS_CERT'] === undefined) !== (given['TLS_KEY'] === undefined))
    problems.push('HEARTHKEY_TLS_CERT and HEARTHKEY_TLS_KEY: one needs the other');
  problems.push(...upstreamProblems(named), ...redisProblems(given));
  problems.push(...auditExportProblems(given), ...auditRecordProblems(given), ...alertProblems(given));
  problems.push(...secretProblems(parsed.data?.ALERT_WEBHOOK ?? [], parsed.data?.ALERT_WEBHOOK_SECRET ?? []));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  return Object.freeze(resolveDefaults(parsed.data, unknownSettings, hostBitWarnings(given)));
}

/** What an operator should know of the `.env` file, besides its values: a line for each. */
export function envFileWarnings(): string[] {
  return readEnvFile(process.env[`HEARTHKEY_${envFile}`]).warnings;
}

function resolveDefaults(values: z.output<typeof schema>, unknownSettings: string[], warnings: string[]) {
  const root = values.HESTIA_ROOT;
  return {
    /** Variables named like settings of ours that aren't: the log names them at start. */
    unknownSettings,
    /** What the log says at the start about values that may mean something else than meant. */
    warnings,
    listen: values.LISTEN,
    /** Of Unix sockets in there; undefined: the service's own. */
    listenGroup: values.LISTEN_GROUP,
    connections: values.CONNECTIONS,
    connectionsPerAddress: values.CONNECTIONS_PER_ADDRESS,
    httpTimeouts,
    tls: tlsFiles(values.TLS_CERT, values.TLS_KEY),
    dataDir: values.DATA_DIR,
    /** PostgreSQL; undefined: the embedded database in the data directory. */
    databaseServer: values.DATABASE_URL,
    leaseMs: values.LEASE,
    socketPath: values.SOCKET ?? join(values.DATA_DIR, 'run/admin.sock'),
    /** Where the command line looks for running services. */
    runDirs: placesFile.announcementFolders({ ...process.env, HEARTHKEY_RUN_DIR: values.RUN_DIR }),
    /** Undefined: there is no gate socket. */
    gateSocketPath: values.GATE_SOCKET,
    /** Undefined: who asks by forward-auth names the command by header. */
    gateRoutesFile: values.GATE_ROUTES,
    hasFastPath: values.FAST_PATH,
    apisDir: values.APIS_DIR ?? (root === undefined ? join(values.DATA_DIR, 'api') : join(root, 'data/api')),
    pepperFile: values.PEPPER_FILE ?? join(values.DATA_DIR, 'pepper'),
    acceptNewPepper: values.NEW_PEPPER,
    commandsDir: values.COMMANDS_DIR ?? (root === undefined ? undefined : join(root, 'bin')),
    commandsUser: values.COMMANDS_USER,
    commandsThroughSudo: values.COMMANDS_SUDO,
    /** The tree of a panel on this machine, whose users, commands and API role files are used live. */
    hestiaRoot: root,
    commandTimeoutMs: values.COMMAND_TIMEOUT,
    commandOutputLimitBytes: values.COMMAND_OUTPUT_LIMIT,
    upstream: resolveUpstream(values),
    redis: resolveRedis(values),
    tmpDir: values.TMP_DIR,
    /** The operator's own routes of the REST dialect. */
    restRoutesFile: values.REST_ROUTES,
    /** Where accounts log in; only told to clients. */
    panelUrl: values.PANEL_URL,
    /** Where browsers reach the service: scheme, name and port. */
    publicUrl: values.PUBLIC_URL ?? publicUrlOf(values.LISTEN, values.TLS_CERT !== undefined),
    sessions: { isOn: values.SESSIONS, from: values.SESSIONS_FROM },
    /** The pages at `/console/`; nobody can log in to them without sessions. */
    hasConsole: values.CONSOLE && values.SESSIONS,
    trustedProxies: values.TRUSTED_PROXIES,
    metricsFrom: values.METRICS_FROM,
    rootUser: values.ROOT_USER,
    ...resolveKeys(values),
    /** Whether what widens the most waits until a second person has approved it. */
    needsApprovals: values.APPROVALS === '2',
    /** Failed attempts within a minute, of an address or on a key, after which they are told so; 0: never. */
    failureLimit: values.FAILURE_LIMIT,
    /** Undefined: in a folder beside the data directory. */
    auditKeyFile: values.AUDIT_KEY_FILE,
    /** Files, and URLs of servers, that are told of the record's heads. */
    auditWitnesses: values.AUDIT_WITNESS,
    auditSync: values.AUDIT_SYNC,
    auditRecord: resolveAuditRecord(values),
    auditExport: resolveAuditExport(values),
    alerts: resolveAlerts(values),
    logLevel: values.LOG_LEVEL,
  };
}

function tlsFiles(certFile: string | undefined, keyFile: string | undefined) {
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
}

/** The variables of the process; those of the settings file fill the gaps. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { values, problems } = readEnvFile(process.env[`HEARTHKEY_${envFile}`]);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return { ...values, ...process.env };
}

/** @param given - `none`: there is no such file; otherwise its path, and then it has to be there */
function readEnvFile(given = ''): EnvFile {
  if (given === 'none') return parseEnvFile('', '');
  const file = given === '' ? defaultPlaces.envFile : absolute(given);
  const name = given === '' ? basename(file) : given;
  try {
    return parseEnvFile(readFileSync(file, 'utf8'), name);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && given === '') return parseEnvFile('', '');
    const setting = given === '' ? '' : `HEARTHKEY_${envFile}: `;
    throw new ConfigError(`${setting}${file} can't be read: ${systemReason(error)}`, { cause: error });
  }
}
