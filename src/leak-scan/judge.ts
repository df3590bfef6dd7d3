import { createHash } from 'node:crypto';
import { maskUnknownName } from '../text/names.js';
import type { Ask, Verdict } from './ask-service.js';
import type { LocatedCandidate } from './scan-chunks.js';

/** A secret that was found, without the secret. */
export interface Finding {
  file: string;
  line: number;
  /** Empty: it is in a file as it is now. */
  commit: string;
  kind: string;
  key: string;
  user: string;
  /** As much of it as may be shown. */
  secret: string;
  state: Verdict['state'];
}

interface Waiting {
  candidate: LocatedCandidate;
  file: string;
  commit: string;
}

/** So many lines are sent at once: less than 64 KiB. */
const mostAtOnce = 900;
/** Answers that are known are not asked for again; of these many, so that memory stays bounded. */
const mostKnown = 200_000;

/** Has the service say of each candidate whose it is, many at a time. No secret is kept, only digests of those asked about. */
export class Judge {
  /** Undefined: nobody was asked yet. */
  hasService: boolean | undefined;
  private waiting: Waiting[] = [];
  private readonly known = new Map<string, Verdict>();

  constructor(
    private readonly ask: Ask,
    private readonly onFinding: (finding: Finding) => void,
  ) {}

  async add(candidate: LocatedCandidate, file: string, commit: string): Promise<void> {
    const verdict = this.known.get(nameOf(candidate));
    if (verdict !== undefined) {
      this.tell({ candidate, file, commit }, verdict);
      return;
    }
    this.waiting.push({ candidate, file, commit });
    if (this.waiting.length >= mostAtOnce) await this.flush();
  }

  /** Answers all that wait. */
  async flush(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    const asked = new Map(waiting.map(({ candidate }) => [nameOf(candidate), lineOf(candidate)]));
    if (asked.size > 0 && this.hasService !== false) await this.learn(asked);
    for (const one of waiting) this.tell(one, this.known.get(nameOf(one.candidate)) ?? unknown);
  }

  private async learn(asked: ReadonlyMap<string, string>): Promise<void> {
    const verdicts = await this.ask([...asked.values()]);
    this.hasService = verdicts !== undefined;
    if (verdicts === undefined) return;
    if (this.known.size + asked.size > mostKnown) this.known.clear();
    for (const [index, name] of [...asked.keys()].entries()) this.known.set(name, verdicts[index] ?? unknown);
  }

  /** What nobody knows, and what has no checksum that says what it is, is no finding. */
  private tell({ candidate, file, commit }: Waiting, verdict: Verdict): void {
    if (verdict.state === 'unknown' && !candidate.hasChecksum) return;
    const { secret, line, accessKeyId = '' } = candidate;
    const isUnknown = verdict.state === 'unknown';
    this.onFinding({
      ...{ file, line, commit },
      kind: isUnknown ? 'access_key' : verdict.kind,
      key: isUnknown ? accessKeyId : verdict.key,
      user: verdict.user,
      secret: maskUnknownName(secret),
      state: verdict.state,
    });
  }
}

const unknown: Verdict = { state: 'unknown', kind: '', key: '', user: '' };

function lineOf({ accessKeyId, secret }: LocatedCandidate): string {
  return accessKeyId === undefined ? secret : `${accessKeyId}:${secret}`;
}

function nameOf(candidate: LocatedCandidate): string {
  return createHash('sha256').update(lineOf(candidate)).digest('base64');
}
