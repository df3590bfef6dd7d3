import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditKey } from '../key/audit-key.js';
import { hashFromBase64, hashToBase64 } from '../tree/merkle.js';
import type { SizedRoot } from '../tree/proofs.js';
import { openNote, signNote } from '../tree/signed-note.js';
import { auditFolder } from '../record/record-files.js';

/** What of a tree was put away: its first `size` lines, from number `begin` on. */
export interface PutAwayTree extends SizedRoot {
  begin: number;
}

/** What was wrong with lines when they were put away. */
export interface PutAwayProblems {
  count: number;
  /** Each as `PLACE: PROBLEM`. */
  first: readonly string[];
}

/**
 * The signed beginning of a record whose older files were put away on purpose. It makes the difference between those
 * and a cut: nobody without the audit key can state another one.
 */
export interface PutAway {
  chain: string;
  /** The number of the line with which the record begins since. */
  begin: number;
  /** The chain value of the line before that. */
  previous: string;
  /** When it was stated; ISO 8601. */
  at: string;
  /** By which settings. */
  why: string;
  /** The record files of this step: a start puts away those that a kill has left. */
  files: readonly string[];
  /** Trees that have lines among all that was ever put away, oldest first. */
  trees: readonly PutAwayTree[];
  problems: PutAwayProblems;
}

const pattern = /^hearthkey\/([0-9a-f]{32})\/beginning\n([1-9]\d{0,14})\n([0-9a-f]{64})\n(\{.*\})\n$/s;

export function statementFile(dataDir: string): string {
  return join(auditFolder(dataDir), 'beginning');
}

/** A signed note (C2SP signed-note). Its first line can't be that of a tree's head. */
export function signStatement(key: AuditKey, { chain, begin, previous, trees, ...more }: PutAway): string {
  const rest = JSON.stringify({ ...more, trees: encodeTrees(trees) });
  return signNote(key, `hearthkey/${chain}/beginning\n${String(begin)}\n${previous}\n${rest}\n`);
}

/** Undefined: this key has not signed it, or for another chain. */
export function openStatement(note: string, key: AuditKey, ofChain: string): PutAway | undefined {
  const [, chain, begin, previous = '', rest = ''] =
    pattern.exec(openNote(note, key.verifierKey) ?? '') ?? [];
  if (chain !== ofChain) return undefined;
  // Only the service writes what this key signs, so the rest has the form that it was given.
  const { trees, ...more } = JSON.parse(rest) as Omit<PutAway, 'chain' | 'begin' | 'previous'>;
  return { chain, begin: Number(begin), previous, ...more, trees: decodeTrees(trees) };
}

/** As JSON has them: the roots in base64. */
export function encodeTrees(trees: readonly PutAwayTree[]): PutAwayTree[] {
  return trees.map((tree) => ({ ...tree, root: hashToBase64(tree.root) }));
}

export function decodeTrees(trees: readonly PutAwayTree[]): PutAwayTree[] {
  return trees.map((tree) => ({ ...tree, root: hashFromBase64(tree.root) }));
}

/** As it stands on the disk; undefined: there is none. */
export function readStatement(dataDir: string): string | undefined {
  try {
    return readFileSync(statementFile(dataDir), 'utf8');
  } catch {
    return undefined;
  }
}
