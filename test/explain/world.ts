/** What an operator has set up and what a client asks, in the words of the documents: texts as they are typed or stored. */
export interface World {
  apiSystem: '0' | '1' | '2';
  demoMode: 'yes' | 'no';
  /** Entries of API_ALLOWED_IP. */
  allowedIp: readonly string[];
  rootUser: string;
  nowMs: number;
  /** The key that the request names; undefined: there is none. */
  key: WorldKey | undefined;
  /** The keys that made it over the API, the nearest first. */
  makers: readonly WorldKey[];
  /** The user that the key belongs to. */
  owner: 'active' | 'suspended' | 'gone';
  /** Users with ROLE='admin' beside the root user. */
  administrators: readonly string[];
  /** Of the key, or of one that made it, after this request. */
  isRateLimitUsedUp: boolean;
  /** Whether an imported secret was guessed at too often, for this client; `somewhere`: for some clients. */
  guessing: 'heard' | 'closed' | 'somewhere' | undefined;
  roles: ReadonlyMap<string, WorldRole>;
  /** Names of commands with their options, such as `USER DOMAIN [RESTART]`. */
  commands: ReadonlyMap<string, string>;
}

/** `--only` and `ONLY`: values by names of arguments. */
export type Only = Readonly<Record<string, readonly string[]>>;

export interface WorldKey {
  id: string;
  user: string;
  isSuspended: boolean;
  isGone?: true;
  permissions: readonly string[];
  expiresAtMs?: number;
  /** `--allow-ip` */
  allowIp?: readonly string[];
  /** `--canary`: it answers as a key with a wrong secret, whatever the secret. */
  isCanary?: true;
  /** `--rate-limit`, as so many in a minute. */
  perMinute?: number;
  /** `--quota` */
  quota?: WorldQuota;
  only?: Only;
  /** `--trial` and its kind: no decision depends on it. */
  trial?: WorldTrial;
}

export interface WorldQuota {
  count: number;
  unit: 'day' | 'week' | 'month';
  /** How many of its requests were allowed on which days, of UTC. */
  counted: Readonly<Record<string, number>>;
}

/** What takes the place of the key's own once it is enforced; null takes it away. */
export interface WorldTrial {
  permissions?: readonly string[];
  allowIp?: readonly string[] | null;
  only?: Only | null;
}

export interface WorldRole {
  file: RoleText | 'broken' | 'missing';
  /** What the database has where several nodes share one; undefined: there is no other than the file. */
  shared?: RoleText | 'missing';
}

export interface RoleText {
  role: 'admin' | 'user' | undefined;
  commands: readonly string[];
  safe: readonly string[];
  only?: Only;
}

export interface Question {
  /** `inspect`: `v-check-access-key` asks about a key. */
  mode: 'enforce' | 'inspect';
  isSecretRight: boolean;
  /** The client's address as it was sent; undefined: from anywhere, so no address is asked about. */
  client: string | undefined;
  command: string;
  /** Undefined: whatever they are. An argument is undefined where its place was left out. */
  args: readonly (string | undefined)[] | undefined;
  /** Whether they may still be anything, where it is not known what they are. */
  isOpen?: boolean;
}
