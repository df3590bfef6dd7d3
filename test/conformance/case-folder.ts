/** The folder of one case: data, commands, temporary files and the trace of what was run. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stub } from './corpus.js';

export interface CaseFolder {
  readonly root: string;
  readonly dataDir: string;
  readonly commandsDir: string;
  /** Where temporary files go: `/tmp` of the recordings. */
  readonly tempDir: string;
  /** An empty working directory. */
  readonly workDir: string;
  readonly traceFile: string;
}

/** One run of an executable of the commands directory, with its arguments as bytes read as UTF-8. */
export interface Trace {
  readonly command: string;
  readonly args: readonly string[];
}

/** A panel command as the catalogue knows it. */
export interface CatalogueEntry {
  readonly command: string;
  readonly info: string | null;
  readonly options: string | null;
}

export function makeCaseFolder(parent: string, name: string): CaseFolder {
  const root = join(parent, name);
  const folder: CaseFolder = {
    root,
    dataDir: join(root, 'data'),
    commandsDir: join(root, 'commands'),
    tempDir: join(root, 'tmp'),
    workDir: join(root, 'work'),
    traceFile: join(root, 'trace'),
  };
  for (const dir of [root, folder.commandsDir, folder.tempDir, folder.workDir])
    mkdirSync(dir, { mode: 0o700 });
  return folder;
}

/**
 * Puts the stubs there, each of them leaving a trace when it runs, and a stand-in for each needed panel command.
 *
 * @param state - what a case adds (a text) or takes away (null)
 */
export function writeCommands(
  folder: CaseFolder,
  stubs: readonly Stub[],
  needs: readonly string[],
  state: { readonly commands: ReadonlyMap<string, string | null> },
  catalogue: ReadonlyMap<string, CatalogueEntry>,
): void {
  const texts = new Map<string, string | null>(stubs.map(({ name, text }) => [name, text]));
  for (const name of needs) texts.set(name, standIn(name, catalogue.get(name)));
  for (const [name, text] of state.commands) texts.set(name, text);
  for (const [name, text] of texts) {
    if (text === null) continue;
    const file = join(folder.commandsDir, name);
    writeFileSync(file, withTrace(text, folder.traceFile));
    chmodSync(file, 0o755);
  }
}

export function readTraces(folder: CaseFolder): Trace[] {
  if (!existsSync(folder.traceFile)) return [];
  const records = readFileSync(folder.traceFile, 'utf8').split('\x1e').slice(0, -1);
  return records.map((record) => {
    const [command = '', ...args] = record.split('\x1f').slice(0, -1);
    return { command, args };
  });
}

function standIn(name: string, entry: CatalogueEntry | undefined): string {
  const lines = ['#!/bin/bash', `# info: ${entry?.info ?? 'stand-in of the conformance harness'}`];
  if (entry?.options) lines.push(`# options: ${entry.options}`);
  return [...lines, `echo "stand-in ${name}"`, ''].join('\n');
}

/** The trace goes after the comment lines, so that `# info:` and `# options:` stay where they are looked for. */
function withTrace(text: string, traceFile: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => !line.startsWith('#'));
  const quoted = `'${traceFile.replaceAll("'", `'\\''`)}'`;
  const trace = `{ printf '%s\\037' "\${0##*/}" "$@"; printf '\\036'; } >>${quoted}`;
  lines.splice(first === -1 ? lines.length : first, 0, trace);
  return lines.join('\n');
}
