import { formatVerifierKey } from '../key/audit-key.js';
import type { AuditLog } from '../audit-log.js';
import type { AuditReader } from '../record/audit-reader.js';
import { contentOf, leafOf } from '../record/chain.js';
import type { Checkpoints } from './checkpoints.js';
import type { CosignatureStore } from './cosignature-store.js';
import { hashToBase64 } from './merkle.js';
import { rootFromInclusion } from './proofs.js';
import { openCheckpoint } from './signed-note.js';

/** All that somebody needs, besides a key that he trusts, to see that an event is in the record. */
export interface EventProof {
  number: number;
  /** Of the leaf in the tree. */
  index: number;
  /** The line without its chain value: the leaf is SHA-256 of a zero byte and this. */
  content: string;
  /** The inclusion path from the leaf up, each in base64. */
  path: string[];
  /** A signed note: the head of the tree, the node's signature, and those of witnesses. */
  checkpoint: string;
  /** The node's public key, as C2SP writes it. */
  key: string;
}

/** Proves that an event is in the record. */
export class EventProver {
  constructor(
    private readonly log: AuditLog,
    private readonly reader: AuditReader,
    private readonly checkpoints: Checkpoints,
    private readonly cosignatures: CosignatureStore,
  ) {}

  /** @returns undefined: there is no such event in the present tree, or in a compressed file */
  async prove(number: number): Promise<EventProof | undefined> {
    const line = await this.reader.findLine(number);
    const newest = await this.checkpoints.takeSigned();
    if (line === undefined || newest === undefined) return undefined;
    const index = number - (newest.sequence - newest.size + 1);
    if (index < 0 || index >= newest.size) return undefined;
    const content = contentOf(Buffer.from(line), 'mac');
    const { size, root, checkpoint } = await this.bestHead(newest, index);
    const path = await this.log.tree.proofs(size).inclusion(index);
    if (rootFromInclusion(leafOf(content), index, size, path) !== root)
      throw new Error(`number ${String(number)} is not what was recorded: v-verify-audit tells more`);
    return {
      ...{ number, index, content: content.toString(), checkpoint },
      path: path.map(hashToBase64),
      key: formatVerifierKey(this.log.record.key.verifierKey),
    };
  }

  /** The head that most witnesses have signed and that has the event in it; without one, the newest. */
  private async bestHead(
    newest: { origin: string; size: number; root: string; note: string },
    index: number,
  ): Promise<{ size: number; root: string; checkpoint: string }> {
    const lines = new Map<string, string[]>();
    for (const { note, line } of await this.cosignatures.list(newest.origin))
      lines.set(note, [...(lines.get(note) ?? []), line]);
    const signed = [...lines].sort(([, one], [, other]) => other.length - one.length);
    for (const [note, cosigned] of signed) {
      const head = openCheckpoint(note, this.log.record.key.verifierKey);
      if (head?.origin === newest.origin && head.size > index && head.size <= newest.size)
        return { size: head.size, root: head.root, checkpoint: note + cosigned.join('') };
    }
    return { size: newest.size, root: newest.root, checkpoint: newest.note };
  }
}

/** The same as C2SP tlog-proof writes it; `extra` is the content. */
export function formatProof({ index, content, path, checkpoint }: EventProof): string {
  const extra = Buffer.from(content).toString('base64');
  return `${['c2sp.org/tlog-proof@v1', `extra ${extra}`, `index ${String(index)}`, ...path].join('\n')}\n\n${checkpoint}`;
}
