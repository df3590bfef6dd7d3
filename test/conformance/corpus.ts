/** The recorded cases, their labels and the stub commands, as they lie in a corpus folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An access key that is there from the start. `time` and `date` are in the local zone. */
export interface RecordedKey {
  readonly id: string;
  readonly secret: string;
  readonly user: string;
  readonly permissions?: string;
  readonly comment?: string;
  readonly time?: string;
  readonly date?: string;
}

/** An API role file that is there from the start; a missing field is a missing line. */
export interface RecordedApi {
  readonly name: string;
  readonly role?: string;
  readonly commands?: string;
}

/** What is laid over the starting state of every case. */
export interface CaseState {
  readonly config?: Readonly<Record<string, string | null>>;
  readonly keys?: readonly RecordedKey[];
  readonly apis?: readonly RecordedApi[];
  readonly files?: Readonly<Record<string, string | null>>;
  readonly symlinks?: Readonly<Record<string, string>>;
  readonly tmp?: Readonly<Record<string, string>>;
  readonly lang?: string;
  readonly client_ip?: string;
  readonly cli_setup?: readonly (readonly string[])[];
}

export type Effects = Readonly<Record<string, unknown>>;

interface AnyCase {
  readonly id: string;
  readonly group: string;
  readonly state: CaseState;
  readonly effects: Effects;
  readonly notes?: string;
}

export interface CliCase extends AnyCase {
  readonly adapter: 'cli';
  readonly setup: readonly (readonly string[])[];
  readonly argv: readonly string[];
  readonly exit_code: number;
  readonly stdout: string;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly content_type: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly body_base64?: string;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: string | null;
  readonly body_base64?: string;
}

export interface HttpCase extends AnyCase {
  readonly adapter: 'http';
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

export type Case = CliCase | HttpCase;
export type Part = 'exit_code' | 'stdout' | 'status' | 'code' | 'body';

/** Other answers that are accepted; a field that isn't there is free. */
export interface Accept {
  readonly exit_code?: readonly number[];
  readonly status?: readonly number[];
  readonly code?: readonly (number | null)[];
  readonly stdout?: readonly string[];
  readonly stdout_without?: readonly string[];
  readonly body?: readonly string[];
  readonly body_for_200?: readonly string[];
  readonly body_prefix?: string | readonly string[];
}

/** What Hearthkey should answer to a case. `expect` is open: a word that isn't known is reported as skipped. */
export interface Label {
  readonly expect: string;
  readonly compare?: readonly Part[];
  readonly accept?: Accept;
  readonly must?: string | readonly string[];
  readonly effects?: readonly string[];
  readonly needs?: readonly string[];
  readonly reason?: string;
}

export interface Stub {
  readonly name: string;
  readonly text: string;
}

export interface Corpus {
  readonly cases: readonly Case[];
  readonly labels: { readonly cli: ReadonlyMap<string, Label>; readonly http: ReadonlyMap<string, Label> };
  readonly stubs: readonly Stub[];
}

/**
 * Reads every `cli.*.json`, `http.*.json` and `annotations.*.json` of a folder and merges them.
 * `stubs.json` is taken from there too, or from `fallback` where the folder has none.
 */
export function readCorpus(folder: string, fallback: string): Corpus {
  const names = readdirSync(folder).sort();
  const matching = (kind: string) =>
    names.filter(
      (name) => name === `${kind}.json` || (name.startsWith(`${kind}.`) && name.endsWith('.json')),
    );
  const cases = new Map<string, Case>();
  for (const adapter of ['cli', 'http'] as const) {
    for (const name of matching(adapter)) {
      const found = readJson(folder, name) as Case[];
      for (const one of found) cases.set(`${adapter} ${one.id}`, { ...one, adapter } as Case);
    }
  }
  const labels = { cli: new Map<string, Label>(), http: new Map<string, Label>() };
  for (const name of matching('annotations')) {
    const found = readJson(folder, name) as Annotations;
    for (const adapter of ['cli', 'http'] as const) {
      for (const [id, label] of Object.entries(found[adapter] ?? {})) labels[adapter].set(id, label);
    }
  }
  const stubs = readJson(names.includes('stubs.json') ? folder : fallback, 'stubs.json') as Stub[];
  return { cases: [...cases.values()], labels, stubs };
}

/** The sentences that have to hold besides the answer. */
export function mustSentences(label: Label): readonly string[] {
  if (label.must === undefined) return [];
  return typeof label.must === 'string' ? [label.must] : label.must;
}

type Annotations = Partial<Record<'cli' | 'http', Record<string, Label>>>;

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
