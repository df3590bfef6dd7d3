import type { AuditRecordSettings } from '../../config/audit-record-settings.js';
import { AppError } from '../../errors.js';
import type { Changes } from '../../storage/changes.js';
import { describeChange } from '../audit-event.js';
import type { AgreedKeepStore, Kept } from './agreed-keep-store.js';

export type KeepSettings = Pick<AuditRecordSettings, 'keepMs' | 'keepBytes' | 'keepText'>;

export interface Agreed {
  settings: KeepSettings;
  /** Why it is not what the settings say; undefined: it is. */
  waits?: string;
}

/**
 * What of the record is kept: what the settings say. Less than until now may wait for a second person, who is not the
 * one that is root on this machine (docs/approvals.md); until then it stays as it was.
 */
export class AgreedKeep {
  constructor(
    private readonly wanted: KeepSettings,
    private readonly store: AgreedKeepStore,
    private readonly changes: Pick<Changes, 'run'>,
  ) {}

  async read(): Promise<Agreed> {
    const { wanted } = this;
    const present = await this.store.find();
    if (present?.keepMs === wanted.keepMs && present?.keepBytes === wanted.keepBytes)
      return present === undefined ? this.agree(undefined) : { settings: wanted };
    return this.agree(present);
  }

  private async agree(present: Kept | undefined): Promise<Agreed> {
    const { wanted } = this;
    const origin = { actor: { kind: 'service' } as const };
    const { node } = this.store;
    const target = {
      recordKept: wanted.keepText === '' ? 'all' : wanted.keepText,
      ...(node !== '' && { node }),
    };
    try {
      await this.changes.run(async (change) => {
        if (present !== undefined && isLess(wanted, present))
          await change.requireApproved({
            ...{ kind: 'shorter_record', origin, target, exact: present, isBySettings: true },
          });
        await this.store.set(change.trx, wanted);
        if (present !== undefined) change.record(describeChange(origin, target));
      });
      return { settings: wanted };
    } catch (error) {
      if (!(error instanceof AppError) || present === undefined) throw error;
      // What is put away meanwhile is put away for the settings before, whose words nobody knows any more.
      const keepText = 'the settings before HEARTHKEY_AUDIT_KEEP was made shorter';
      return { settings: { ...present, keepText }, waits: error.message };
    }
  }
}

function isLess(wanted: Kept, present: Kept): boolean {
  return (
    (wanted.keepMs ?? Infinity) < (present.keepMs ?? Infinity) ||
    (wanted.keepBytes ?? Infinity) < (present.keepBytes ?? Infinity)
  );
}
