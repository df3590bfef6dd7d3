import type { Cursor, CursorFile } from '../sinks/cursor-file.js';
import type { AlertStateFile } from './alert-state-file.js';

export interface AlertCursorParts {
  file: Pick<CursorFile, 'read' | 'write'>;
  stateFile: Pick<AlertStateFile, 'newest'>;
  log: { readonly chainId: string; readonly head: { sequence: number } };
}

/**
 * How far a receiver of alerts has come. Its state is written of moments at which nothing waits for it, so that says
 * the same where the cursor is damaged or missing, or where a power loss has kept a newer state than the cursor.
 */
export class AlertCursor {
  constructor(private readonly parts: AlertCursorParts) {}

  async read(): Promise<Cursor | undefined | 'damaged'> {
    const { file, stateFile, log } = this.parts;
    const known = await file.read();
    const delivered = await stateFile.newest();
    if (delivered === 0 || delivered > log.head.sequence) return known;
    const ofState = { chain: log.chainId, number: delivered };
    if (known === undefined || known === 'damaged') return ofState;
    return known.chain === log.chainId && known.number < delivered ? ofState : known;
  }

  write(cursor: Cursor): Promise<void> {
    return this.parts.file.write(cursor);
  }
}
