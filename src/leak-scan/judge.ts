import { createHash } from 'node:crypto';
import { maskUnknownName } from '../text/names.js';
import type { Ask, Verdict } from './ask-service.js';
import type { LocatedCandidate } from './scan-chunks.js';

/** A secret that was found, without the secret. */
export interface Finding {
  file: string;
  /** 0: it is in the name of the file. */
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

/** Where a candidate is. */
interface Place {
  file: string;
  commit: string;
}

/** A file, and what the service was asked about it. */
interface ScannedFile extends Place {
  /** Candidates that the service compares with every key, without those that it knows. */
  costly: Set<string>;
  /** It was asked about all of them, and knows none. */
  isFull: boolean;
}

interface Waiting {
  candidate: LocatedCandidate;
  name: string;
  place: Place;
  file: ScannedFile;
}

/** So many lines are sent at once: less than 64 KiB. */
const mostAtOnce = 900;
/** Answers that are known are not asked for again; of these many, so that memory stays bounded. */
const mostKnown = 200_000;
/**
 * A secret without a known ID is compared with every key. A file full of those of another installation, or made for
 * that, would keep the service busy for hours: beyond so many that it does not know, no more of the file are asked about.
 */
const mostUnknownInFile = 100;

/** Has the service say of each candidate whose it is, many at a time. No secret is kept, only digests of those asked about. */
export class Judge {
  /** Undefined: nobody was asked yet. */
  hasService: boolean | undefined;
  /** Where none answers: what the command line says about it. */
  noService = '';
  private waiting: Waiting[] = [];
  private readonly known = new Map<string, Verdict>();
  private file = newFile({ file: '', commit: '' });
  /** The names of all files count as one file: each may be another secret. */
  private readonly names = newFile({ file: 'the names of files', commit: '' });
  /** So many of the costly ones are sent at once; fewer where the service has many keys. */
  private mostCostlyAtOnce = mostAtOnce;

  /** @param onUnasked - told of a file in which not everything was asked about, and why */
  constructor(
    private readonly ask: Ask,
    private readonly onFinding: (finding: Finding) => void,
    private readonly onUnasked: (file: string, why: string) => void = () => undefined,
  ) {}

  async add(candidate: LocatedCandidate, file: string, commit: string): Promise<void> {
    if (file !== this.file.file || commit !== this.file.commit) this.file = newFile({ file, commit });
    await this.judge(candidate, this.file, this.file);
  }

  /** As `add`, for what is in the name of a file. */
  async addName(candidate: LocatedCandidate, file: string, commit: string): Promise<void> {
    await this.judge(candidate, { file, commit }, this.names);
  }

  /** @param file - to which it counts */
  private async judge(candidate: LocatedCandidate, place: Place, file: ScannedFile): Promise<void> {
    const name = nameOf(candidate);
    const verdict = this.known.get(name);
    if (verdict !== undefined) {
      this.tell(candidate, place, verdict);
      return;
    }
    if (candidate.hasChecksum && !file.costly.has(name)) {
      if (!(await this.mayAsk(file))) {
        this.tell(candidate, place, unknown);
        return;
      }
      file.costly.add(name);
    }
    this.waiting.push({ candidate, name, place, file });
    if (this.waiting.length >= mostAtOnce) await this.flush();
  }

  /** Answers all that wait. */
  async flush(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    const asked = [...new Map(waiting.map((one) => [one.name, one.candidate]))];
    const verdicts = new Map([
      ...(await this.learn(asked.filter(([, { hasChecksum }]) => !hasChecksum))),
      ...(await this.learn(asked.filter(([, { hasChecksum }]) => hasChecksum))),
    ]);
    if (this.known.size + verdicts.size > mostKnown) this.known.clear();
    for (const [name, verdict] of verdicts) this.known.set(name, verdict);
    for (const { candidate, name, place, file } of waiting) {
      const verdict = verdicts.get(name) ?? unknown;
      if (verdict.state !== 'unknown') file.costly.delete(name);
      this.tell(candidate, place, verdict);
    }
  }

  private async mayAsk(file: ScannedFile): Promise<boolean> {
    if (file.costly.size < mostUnknownInFile || this.hasService === false) return true;
    if (file.isFull) return false;
    // Those that wait may be known.
    await this.flush();
    if (file.costly.size < mostUnknownInFile || this.hasService !== true) return true;
    file.isFull = true;
    this.onUnasked(
      file.file,
      `the service knows none of ${String(mostUnknownInFile)} secrets in it, so it was not asked about the others`,
    );
    return false;
  }

  /** @returns what the service says of each; nothing where there is no service */
  private async learn(
    asked: readonly [name: string, candidate: LocatedCandidate][],
  ): Promise<Map<string, Verdict>> {
    const verdicts = new Map<string, Verdict>();
    const isCostly = asked[0]?.[1].hasChecksum === true;
    let most = isCostly ? this.mostCostlyAtOnce : mostAtOnce;
    for (let from = 0; from < asked.length && this.hasService !== false;) {
      const part = asked.slice(from, from + most);
      const answer = await this.ask(part.map(([, candidate]) => lineOf(candidate)));
      if (answer === 'too many') {
        most = Math.ceil(part.length / 2);
        if (isCostly) this.mostCostlyAtOnce = most;
        continue;
      }
      this.hasService = 'verdicts' in answer;
      if ('noService' in answer) this.noService = answer.noService;
      else
        for (const [index, [name]] of part.entries()) verdicts.set(name, answer.verdicts[index] ?? unknown);
      from += part.length;
    }
    return verdicts;
  }

  /** What nobody knows, and what has no checksum that says what it is, is no finding. */
  private tell(candidate: LocatedCandidate, { file, commit }: Place, verdict: Verdict): void {
    const isUnknown = verdict.state === 'unknown';
    if (isUnknown && !candidate.hasChecksum) return;
    const { secret, line, accessKeyId = '' } = candidate;
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

function newFile(place: Place): ScannedFile {
  return { ...place, costly: new Set(), isFull: false };
}

function lineOf({ accessKeyId, secret }: LocatedCandidate): string {
  return accessKeyId === undefined ? secret : `${accessKeyId}:${secret}`;
}

function nameOf(candidate: LocatedCandidate): string {
  return createHash('sha256').update(lineOf(candidate)).digest('base64');
}
