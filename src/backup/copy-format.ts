import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, ReturnCode } from '../errors.js';
import { userNamePattern } from '../text/names.js';
import {
  copied,
  copiedTables,
  emptyState,
  identityOf,
  type CopiedTable,
  type State,
} from './copied-state.js';

/** Goes up when an older Hearthkey would misread the file. */
const formatVersion = 3;
const newline = 10;
/** Between so many lines others get their turn. */
const linesPerTurn = 500;
const maxLineBytes = 1_048_576;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const headSchema = z.strictObject({
  hearthkey: z.literal('backup'),
  version: z.int().min(1).max(formatVersion),
  createdAt: z.iso.datetime(),
  rootUser: z.string().regex(userNamePattern),
  /** The newest change that is in it. */
  changeNumber: z.int().min(0),
  /** Names the pepper that its keyed digests were made with. */
  pepperId: digest,
  /** How far the audit record of the node that made it went: a checkpoint kept elsewhere. */
  audit: z.strictObject({ chain: z.string().max(100), sequence: z.int().min(0), hash: z.string().max(100) }),
});
const pepperSchema = z.strictObject({ pepper: z.string().regex(/^[A-Za-z0-9+/]{43}=$/) });
const recordSchema = z.strictObject({ in: z.enum(copiedTables as [CopiedTable]), row: z.unknown() });
const endSchema = z.strictObject({ end: z.literal('backup'), records: z.int().min(0), sha256: digest });

export type CopyHead = Omit<z.output<typeof headSchema>, 'hearthkey' | 'version'>;

export interface Copy {
  head: CopyHead;
  state: State;
  /** In base64; only where it was asked for. */
  pepper?: string | undefined;
}

/**
 * The lines of a copy: what it is, the pepper if it was asked for, a line for each row, and as the last one how many
 * rows there are and the SHA-256 of all bytes before it.
 *
 * @throws AppError 12 when something could not be read back: better no copy than one that can't be restored
 */
export async function formatCopy({ head, state, pepper }: Copy): Promise<Buffer[]> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  const add = (value: object): void => {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    hash.update(line);
    chunks.push(line);
  };
  add(headSchema.parse({ hearthkey: 'backup', version: formatVersion, ...head }));
  if (pepper !== undefined) add(pepperSchema.parse({ pepper }));
  let records = 0;
  for (const table of copiedTables) {
    for (const row of state[table]) {
      const parsed = copied[table].safeParse(row);
      if (!parsed.success) throw unreadable(`${table} ${identityOf(table, row)}`, parsed.error);
      add({ in: table, row: parsed.data });
      if (++records % linesPerTurn === 0) await breathe();
    }
  }
  chunks.push(Buffer.from(`${JSON.stringify({ end: 'backup', records, sha256: hash.digest('hex') })}\n`));
  return chunks;
}

/**
 * Reads a copy whole: nothing of one that was altered or cut is ever taken.
 *
 * @throws AppError 12 that says what is wrong with the file
 */
export async function parseCopy(bytes: Buffer): Promise<Copy & { sha256: string }> {
  const firstEnd = bytes.indexOf(newline);
  const first = parseJson(bytes.subarray(0, firstEnd === -1 ? bytes.length : firstEnd));
  requireKnownVersion(first);
  const sha256 = requireWhole(bytes);
  const { createdAt, rootUser, changeNumber, pepperId, audit } = require(headSchema, first, 'line 1');
  const head = { createdAt, rootUser, changeNumber, pepperId, audit };
  const copy: Copy = { head, state: emptyState() };
  const seen = new Set<string>();
  const lines = linesOf(bytes, firstEnd + 1);
  for (const [index, line] of lines.entries()) {
    if (index === lines.length - 1) {
      if (require(endSchema, parseJson(line), 'the last line').records !== seen.size)
        throw broken('its count is wrong');
    } else takeLine(copy, seen, parseJson(line), `line ${String(index + 2)}`);
    if (index % linesPerTurn === 0) await breathe();
  }
  return { ...copy, sha256 };
}

function takeLine(copy: Copy, seen: Set<string>, value: unknown, place: string): void {
  const pepper = place === 'line 2' ? pepperSchema.safeParse(value) : undefined;
  if (pepper?.success === true) {
    copy.pepper = pepper.data.pepper;
    return;
  }
  const { in: table, row } = require(recordSchema, value, place);
  const parsed: never = require(copied[table], row, `${place} (${table})`) as never;
  const identity = `${table} ${identityOf(table, parsed)}`;
  if (seen.has(identity)) throw broken(`${place}: ${identity} is there twice`);
  seen.add(identity);
  copy.state[table].push(parsed);
}

function requireKnownVersion(first: unknown): void {
  const known = z.looseObject({ hearthkey: z.literal('backup'), version: z.int().min(1) }).safeParse(first);
  if (!known.success) throw new AppError(ReturnCode.PARSING, 'the file is no copy made by hearthkey backup');
  if (known.data.version > formatVersion) {
    throw new AppError(
      ReturnCode.PARSING,
      `the copy was made by a newer Hearthkey (its format is ${String(known.data.version)}, ` +
        `${String(formatVersion)} is the newest known here): update this one first`,
    );
  }
}

/** @returns the digest of all but the last line */
function requireWhole(bytes: Buffer): string {
  const lastStart = bytes.lastIndexOf(newline, bytes.length - 2) + 1;
  const end = endSchema.safeParse(parseJson(bytes.subarray(lastStart)));
  if (bytes.at(-1) !== newline || !end.success) {
    throw broken('it has no last line as copies have: it was cut off, or something was added');
  }
  const sha256 = createHash('sha256').update(bytes.subarray(0, lastStart)).digest('hex');
  if (sha256 !== end.data.sha256) throw broken('it was altered: its SHA-256 is not the one in its last line');
  return sha256;
}

function linesOf(bytes: Buffer, from: number): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = from; start < bytes.length;) {
    const end = bytes.indexOf(newline, start);
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function parseJson(line: Buffer): unknown {
  if (line.length > maxLineBytes) return undefined;
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

function require<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw broken(`${place}: ${problemOf(parsed.error)}`);
}

function broken(problem: string): AppError {
  return new AppError(ReturnCode.PARSING, `the copy can't be used: ${problem}`);
}

function unreadable(what: string, error: z.ZodError): AppError {
  return new AppError(
    ReturnCode.PARSING,
    `no copy was made: ${what} has no form to copy (${problemOf(error)})`,
  );
}

/** Names the field and never its value. */
function problemOf({ issues: [issue] }: z.ZodError): string {
  const field = issue?.path.join('.') ?? '';
  return field === ''
    ? 'is not of the form that it has to have'
    : `${field} is not of the form that it has to have`;
}
