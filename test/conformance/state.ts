/** What a case starts from, in the terms of this service: the recorded base with the case's state laid over it. */
import type { Case, CaseState, Label, RecordedKey } from './corpus.js';

export interface SeedUser {
  readonly name: string;
  readonly isSuspended: boolean;
  readonly password?: string;
}

export interface StartingState {
  readonly rootUser: string;
  /** API, API_SYSTEM and DEMO_MODE, as texts that need not be known values. */
  readonly switches: Readonly<Record<string, string>>;
  /** The text of API_ALLOWED_IP. */
  readonly allowedAddresses: string;
  readonly users: ReadonlyMap<string, SeedUser>;
  /** An owner need not be among the users. */
  readonly keys: ReadonlyMap<string, RecordedKey>;
  readonly legacyKeys: ReadonlySet<string>;
  /** Whether the six shipped API role files are there. */
  readonly hasShippedApis: boolean;
  /** Role files by name: their text, or null where a shipped one is taken away. */
  readonly apiFiles: ReadonlyMap<string, string | null>;
  /** Executables by name: their text, or null where a stub is taken away. */
  readonly commands: ReadonlyMap<string, string | null>;
  readonly temporaryFiles: ReadonlyMap<string, string>;
}

/** The state is Hestia's own and can't be built here. */
export class UnbuildableState extends Error {}

type Writable<T> = {
  -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : T[K] extends ReadonlySet<infer C>
      ? Set<C>
      : T[K];
};

const BASE_SWITCHES = { API: 'yes', API_SYSTEM: '2', DEMO_MODE: 'no' };
const ROOT_PASSWORD = 'Sup3r Secret!';
const CREATED = { time: '10:00:00', date: '2026-01-01' };

/** @throws UnbuildableState with the reason */
export function startingState(one: Case, label: Label): StartingState {
  const { state } = one;
  if (Object.keys(state.symlinks ?? {}).length > 0) throw new UnbuildableState('symbolic links');
  const built = base(state);
  for (const key of state.keys ?? []) built.keys.set(key.id, key);
  for (const api of state.apis ?? []) {
    const lines = [
      api.role === undefined ? [] : [`ROLE='${api.role}'`],
      api.commands === undefined ? [] : [`COMMANDS='${api.commands}'`],
    ];
    built.apiFiles.set(
      api.name,
      lines
        .flat()
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  for (const [path, text] of Object.entries(state.files ?? {})) layFile(built, path, text, one, label);
  for (const key of built.keys.values()) checkKey(key);
  return built;
}

function base(state: CaseState): Writable<StartingState> {
  const config: Readonly<Record<string, string | null>> = {
    ...BASE_SWITCHES,
    API_ALLOWED_IP: 'allow-all',
    ROOT_USER: 'admin',
    ...state.config,
  };
  const users = ['admin', 'alice', 'bob', 'carol'].map((name): [string, SeedUser] => [
    name,
    { name, isSuspended: name === 'bob', ...(name === 'admin' ? { password: ROOT_PASSWORD } : {}) },
  ]);
  const text = (value: string | null | undefined) => value ?? '';
  return {
    rootUser: config.ROOT_USER ?? 'admin',
    switches: {
      API: text(config.API),
      API_SYSTEM: text(config.API_SYSTEM),
      DEMO_MODE: config.DEMO_MODE ?? 'no',
    },
    allowedAddresses: text(config.API_ALLOWED_IP),
    users: new Map(users),
    keys: new Map(),
    legacyKeys: new Set(),
    hasShippedApis: true,
    apiFiles: new Map(),
    commands: new Map(),
    temporaryFiles: new Map(Object.entries(state.tmp ?? {})),
  };
}

function layFile(
  built: Writable<StartingState>,
  path: string,
  text: string | null,
  one: Case,
  label: Label,
): void {
  const [, folder = '', name = '', rest] =
    /^(data\/(?:api|keys|access-keys|users)|bin)(?:\/([^/]+)(?:\/(.+))?)?$/.exec(path) ?? [];
  if (folder === 'data/users' && name !== '') layUser(built, name, rest, text, path);
  else if (rest !== undefined || folder === '')
    throw new UnbuildableState(`a file of a Hestia tree: ${path}`);
  else if (folder === 'data/api' && name === '' && text === null) built.hasShippedApis = false;
  else if (folder === 'data/api' && name !== '') built.apiFiles.set(name, text);
  else if (folder === 'data/keys' && name !== '') layLegacyKey(built, name, text, one, label);
  else if (folder === 'data/access-keys' && name !== '') layKeyFile(built, name, text);
  else if (folder === 'bin' && name !== '') built.commands.set(name, text);
  else throw new UnbuildableState(`a folder of a Hestia tree: ${path}`);
}

/** Only a line that is exactly named SUSPENDED counts; a user without user.conf is a user all the same. */
function layUser(
  built: Writable<StartingState>,
  name: string,
  rest: string | undefined,
  text: string | null,
  path: string,
): void {
  if (rest === undefined && text === null) built.users.delete(name);
  else if (rest !== 'user.conf') throw new UnbuildableState(`a file of a Hestia tree: ${path}`);
  else if (text !== null) {
    const isSuspended = /^SUSPENDED='yes'$/m.test(text);
    built.users.set(name, { ...built.users.get(name), name, isSuspended });
  }
}

/** A legacy key has 32 characters here. Another one can't be there: which is a state for a refusal, not for a success. */
function layLegacyKey(
  built: Writable<StartingState>,
  name: string,
  text: string | null,
  one: Case,
  label: Label,
): void {
  if (text === null) built.legacyKeys.delete(name);
  else if (/^[A-Za-z0-9_-]{32}$/.test(name)) built.legacyKeys.add(name);
  else if (label.expect === 'same' && isSuccess(one))
    throw new UnbuildableState(`a legacy key of ${name.length} characters`);
}

function isSuccess(one: Case): boolean {
  return one.adapter === 'cli' ? one.exit_code === 0 : one.response.status < 400;
}

/** A raw key file is a key where it has a secret and an owner; its time may be missing. */
function layKeyFile(built: Writable<StartingState>, id: string, text: string | null): void {
  if (text === null) {
    built.keys.delete(id);
    return;
  }
  const value = (name: string) => new RegExp(`^${name}='([^'\\n]*)'$`, 'm').exec(text)?.[1];
  const [secret, user] = [value('SECRET_ACCESS_KEY'), value('USER')];
  if (secret === undefined || user === undefined)
    throw new UnbuildableState('a raw key file without secret or owner');
  const { time, date } = CREATED;
  built.keys.set(id, {
    id,
    secret,
    user,
    permissions: value('PERMISSIONS') ?? '',
    comment: value('COMMENT') ?? '',
    time,
    date,
  });
}

function checkKey(key: RecordedKey): void {
  if (!/^[A-Za-z0-9]{20}$/.test(key.id)) throw new UnbuildableState(`a key with the ID ${key.id}`);
  if (!/^[A-Za-z0-9_=-]{40}$/.test(key.secret)) throw new UnbuildableState('a key whose secret is none');
}

/** When a key was made, in milliseconds; its time is in the local zone. */
export function createdAtMs(key: RecordedKey): number {
  return new Date(`${key.date ?? CREATED.date}T${key.time ?? CREATED.time}`).getTime();
}
