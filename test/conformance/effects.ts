/** What a case changed, against the recorded effects that matter for it. */
import { newDecisions, newestDecision } from './audit.js';
import { sameAddresses } from './allowed-addresses.js';
import type { Effects } from './corpus.js';
import { type Bindings, fits } from './placeholders.js';
import type { KeyFacts, Settings, Snapshot, Want } from './snapshot.js';

export type EffectKind = 'keys' | 'settings' | 'auth_log';

/** What has to be asked before and after to judge an effect. */
export const EFFECT_WANTS: Readonly<Record<EffectKind, Want>> = {
  keys: 'keys',
  settings: 'settings',
  auth_log: 'audit',
};

export function isEffectKind(name: string): name is EffectKind {
  return Object.hasOwn(EFFECT_WANTS, name);
}

/** What is amiss with one kind of effect, or undefined. */
export function effectProblem(
  kind: EffectKind,
  effects: Effects,
  before: Snapshot,
  after: Snapshot,
  bindings: Bindings,
): string | undefined {
  if (kind === 'keys') return keysProblem(effects, before, after, bindings);
  if (kind === 'settings') return settingsProblem(effects, before.settings, after.settings);
  return auditProblem(effects, before, after, bindings);
}

/** Access keys that `after` has and `before` hasn't. */
export function madeKeys(before: Snapshot, after: Snapshot): Map<string, KeyFacts> {
  return new Map([...after.keys].filter(([id]) => !before.keys.has(id)));
}

/** What was done to keys, legacy keys among them, in one line each; empty where nothing was. */
export function keyChanges(before: Snapshot, after: Snapshot): string[] {
  const changes = [...madeKeys(before, after)].map(([id, key]) => `made ${id} ${described(key)}`);
  for (const [id, key] of before.keys) {
    const now = after.keys.get(id);
    if (now === undefined) changes.push(`deleted ${id}`);
    else if (described(now) !== described(key))
      changes.push(`changed ${id} ${described(key)} to ${described(now)}`);
  }
  const made = after.legacyKeyIds.filter((id) => !before.legacyKeyIds.includes(id)).length;
  const gone = before.legacyKeyIds.filter((id) => !after.legacyKeyIds.includes(id)).length;
  if (made > 0) changes.push(`legacy keys made: ${made}`);
  if (gone > 0) changes.push(`legacy keys deleted: ${gone}`);
  return changes;
}

function keysProblem(
  effects: Effects,
  before: Snapshot,
  after: Snapshot,
  bindings: Bindings,
): string | undefined {
  const expected: string[] = [];
  let legacyMade = 0;
  let legacyGone = 0;
  for (const [path, effect] of Object.entries(effects)) {
    const legacy = /^data\/keys\/[^/]+$/.test(path);
    const id = bound(/^data\/access-keys\/([^/]+)$/.exec(path)?.[1], bindings);
    if (legacy && hasField(effect, 'created')) legacyMade += 1;
    if (legacy && hasField(effect, 'deleted')) legacyGone += 1;
    if (id !== undefined && hasField(effect, 'created'))
      expected.push(`made ${id} ${described(recordedKey(effect))}`);
    if (id !== undefined && hasField(effect, 'deleted')) expected.push(`deleted ${id}`);
  }
  if (legacyMade > 0) expected.push(`legacy keys made: ${legacyMade}`);
  if (legacyGone > 0) expected.push(`legacy keys deleted: ${legacyGone}`);
  const seen = keyChanges(before, after);
  const asText = (lines: string[]) => lines.sort().join('\n');
  if (expected.length === seen.length && fits(asText(expected), asText(seen), bindings)) return undefined;
  return `keys: expected ${expected.join('; ') || 'no change'}, seen ${seen.join('; ') || 'no change'}`;
}

function settingsProblem(effects: Effects, before: Settings, after: Settings): string | undefined {
  const expected: Record<keyof Settings, string> = { ...before };
  const { changed } = (effects['conf/hestia.conf'] ?? {}) as {
    changed?: Record<string, { to?: string | null }>;
  };
  for (const [name, { to }] of Object.entries(changed ?? {})) {
    if (Object.hasOwn(expected, name)) expected[name as keyof Settings] = unquoted(to ?? '');
  }
  if (sameSettings(expected, after)) return undefined;
  return `settings: expected ${JSON.stringify(expected)}, seen ${JSON.stringify(after)}`;
}

export function sameSettings(one: Settings, other: Settings): boolean {
  const sameList = sameAddresses(one.API_ALLOWED_IP, other.API_ALLOWED_IP);
  return one.API === other.API && one.API_SYSTEM === other.API_SYSTEM && sameList;
}

/** Whether the newest decision for the key of the newest recorded line is the recorded one. No line: nothing to see. */
function auditProblem(
  effects: Effects,
  before: Snapshot,
  after: Snapshot,
  bindings: Bindings,
): string | undefined {
  const { appended } = (effects['log/auth.log'] ?? {}) as { appended?: readonly string[] };
  const line = appended?.at(-1);
  if (line === undefined) return undefined;
  const refused = line.includes('failed to login');
  const decision = newestDecision(newDecisions(before.events, after.events), keyInLine(line, bindings));
  const expected = refused ? 'deny' : 'allow';
  if (decision?.outcome === expected) return undefined;
  return `audit: expected the newest decision to be ${expected}, seen ${decision?.outcome ?? 'none'}`;
}

/** `{DATE} {TIME} KEY ADDRESS COMMAND successfully launched`; a line that was torn apart has no key. */
function keyInLine(line: string, bindings: Bindings): string | undefined {
  return bound(/^\{DATE\} \{TIME\} (\S+) /.exec(line)?.[1], bindings);
}

/** The value of a text that is one placeholder; any other text as it is. */
function bound(text: string | undefined, bindings: Bindings): string | undefined {
  const placeholder = /^\{(.+)\}$/.exec(text ?? '')?.[1];
  return placeholder === undefined ? text : (bindings.get(placeholder) ?? text);
}

/** A key in one text; runs of blanks in a comment may be kept or not. */
function described(key: KeyFacts): string {
  return `USER=${key.user} PERMISSIONS=${key.permissions.join(',')} COMMENT=${key.comment.replace(/ +/g, ' ')}`;
}

/** A key as it was recorded: the lines of its file. */
export function recordedKey(effect: unknown): KeyFacts {
  const text = (effect as { created: readonly string[] }).created.join('\n');
  const value = (name: string) => new RegExp(`^${name}='([^\\n]*)'$`, 'm').exec(text)?.[1] ?? '';
  const permissions = value('PERMISSIONS');
  return {
    user: value('USER'),
    permissions: permissions === '' ? [] : permissions.split(','),
    comment: value('COMMENT'),
  };
}

function hasField(effect: unknown, name: string): boolean {
  return typeof effect === 'object' && effect !== null && name in effect;
}

function unquoted(text: string): string {
  return /^'([^]*)'$/.exec(text)?.[1] ?? text;
}
