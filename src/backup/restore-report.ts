import { visible } from '../text/visible-text.js';
import { describeState } from './backup.js';
import { copiedTables, identityOf, type CopiedTable, type State } from './copied-state.js';
import type { Copy } from './copy-format.js';
import { hasReadableTrial } from './readable-trial.js';
import type { RestoreExclusion } from './restore-guard.js';

interface Outcome {
  copy: Copy;
  present: State;
  wanted: State;
  held: readonly RestoreExclusion[];
  isDryRun: boolean;
  safetyCopy?: string | undefined;
}

/** What is named when it is in the way of the copy, and so goes. */
const nouns: Partial<Record<CopiedTable, string>> = {
  users: 'user',
  access_keys: 'access key',
  legacy_keys: 'legacy API key',
  apis: 'API role',
  allowed_addresses: 'allowed address',
};

/** What became of everything that is not as it was, a line for each, and then what to do about it. */
export function restoreReport({ copy, present, wanted, held, isDryRun, safetyCopy }: Outcome): string {
  const heldLines = held.map(({ word, what, now, becomes }) =>
    visible(`held back ${word}: ${what}; ${now}, ${becomes}`),
  );
  const lines = [
    `copy of ${copy.head.createdAt}: ${describeState(copy.state)}`,
    ...heldLines,
    ...trialLines(copy),
    ...removedLines(present, wanted),
    ...adviceOnHeld(copy, present, held),
    ...(safetyCopy === undefined ? [] : [`what was here before is kept in ${safetyCopy}`]),
    isDryRun
      ? `nothing was changed: this was a dry run; ${String(held.length)} would be held back`
      : `restored; ${String(held.length)} held back`,
  ];
  return `${lines.join('\n')}\n`;
}

function trialLines({ state }: Copy): string[] {
  return state.access_keys
    .filter((key) => !hasReadableTrial(key))
    .map(
      ({ id }) => `left out the trial of access key ${id}: it can't be read; the key is restored without it`,
    );
}

function removedLines(present: State, wanted: State): string[] {
  return copiedTables.flatMap((table) => {
    const noun = nouns[table];
    if (noun === undefined) return [];
    const staying = new Set(wanted[table].map((row) => identityOf(table, row)));
    return present[table]
      .map((row) => identityOf(table, row))
      .filter((id) => !staying.has(id))
      .map((id) => visible(`removed ${noun} ${id}: not in the copy`));
  });
}

function adviceOnHeld(copy: Copy, present: State, held: readonly RestoreExclusion[]): string[] {
  if (held.length === 0) return [];
  const isEmpty = present.access_keys.length === 0 && present.legacy_keys.length === 0;
  const unknown = isEmpty
    ? [
        `no key was here before: what was revoked after ${copy.head.createdAt} is known only as far as the audit ` +
          'record of this data directory goes',
      ]
    : [];
  return [
    ...unknown,
    'to bring something of it back: the same command with --revive WORD, as it stands after "held back"; ' +
      '--revive unrevoked brings back what the audit record here does not know as revoked, --revive all everything',
  ];
}
