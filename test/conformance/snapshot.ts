/** What the service keeps, asked over its command line before and after a case. */
import { type AuditEvent, auditEvents } from './audit.js';
import { decoded } from './compare.js';
import type { Service } from './service.js';

export type Want = 'keys' | 'settings' | 'audit';

export interface KeyFacts {
  readonly user: string;
  readonly permissions: readonly string[];
  readonly comment: string;
}

export interface Settings {
  readonly API: string;
  readonly API_SYSTEM: string;
  readonly API_ALLOWED_IP: string;
}

/** The parts that were asked for; reading another one is an error of the harness. */
export class Snapshot {
  readonly #keys: ReadonlyMap<string, KeyFacts> | undefined;
  readonly #legacyKeyIds: readonly string[] | undefined;
  readonly #settings: Settings | undefined;
  readonly #events: readonly AuditEvent[] | undefined;

  constructor(
    keys?: ReadonlyMap<string, KeyFacts>,
    legacyKeyIds?: readonly string[],
    settings?: Settings,
    events?: readonly AuditEvent[],
  ) {
    this.#keys = keys;
    this.#legacyKeyIds = legacyKeyIds;
    this.#settings = settings;
    this.#events = events;
  }

  static async take(service: Service, wants: ReadonlySet<Want>): Promise<Snapshot> {
    return new Snapshot(
      wants.has('keys') ? await accessKeys(service) : undefined,
      wants.has('keys') ? await legacyKeyIds(service) : undefined,
      wants.has('settings') ? await settings(service) : undefined,
      wants.has('audit') ? await auditEvents(service) : undefined,
    );
  }

  get keys(): ReadonlyMap<string, KeyFacts> {
    return taken(this.#keys, 'keys');
  }

  /** The names of legacy keys in the listing, which are no part of the keys. */
  get legacyKeyIds(): readonly string[] {
    return taken(this.#legacyKeyIds, 'keys');
  }

  get settings(): Settings {
    return taken(this.#settings, 'settings');
  }

  get events(): readonly AuditEvent[] {
    return taken(this.#events, 'audit');
  }
}

function taken<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the harness looks at ${what} without having asked for them`);
  return value;
}

async function listing(
  service: Service,
  argv: readonly string[],
): Promise<Record<string, Record<string, unknown>>> {
  const answer = await service.ask(argv);
  const text = decoded(answer.stdout) ?? '';
  if (answer.exitCode !== 0)
    throw new Error(`${argv.join(' ')} ended with ${answer.exitCode}: ${text}${answer.stderr}`);
  return JSON.parse(text) as Record<string, Record<string, unknown>>;
}

async function accessKeys(service: Service): Promise<Map<string, KeyFacts>> {
  const found = await listing(service, ['v-list-access-keys', '', 'json']);
  const facts = Object.entries(found).map(([id, key]) => {
    const permissions = Array.isArray(key.PERMISSIONS) ? key.PERMISSIONS.map(String) : [];
    return [id, { user: String(key.USER), permissions, comment: String(key.COMMENT) }] as const;
  });
  return new Map(facts);
}

async function legacyKeyIds(service: Service): Promise<string[]> {
  const found: unknown = await listing(service, ['v-list-api-keys', 'json']);
  return Array.isArray(found) ? found.map((item) => JSON.stringify(item)) : Object.keys(found as object);
}

async function settings(service: Service): Promise<Settings> {
  const found = await listing(service, ['v-list-sys-config', 'json']);
  const config = found.config ?? {};
  return {
    API: String(config.API),
    API_SYSTEM: String(config.API_SYSTEM),
    API_ALLOWED_IP: String(config.API_ALLOWED_IP),
  };
}
