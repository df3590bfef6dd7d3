import { readFile } from 'node:fs/promises';
import type { AuditLog } from '../audit/audit-log.js';
import { PeriodicTask } from '../concurrency/periodic-task.js';
import { replaceFile } from '../storage/replace-file.js';
import type { Doctor } from './doctor.js';
import type { Finding } from './finding.js';

const intervalMs = 900_000;
const firstMs = 60_000;

/** More findings of one code are not told apart: a million weak keys are one thing to look at. */
const mostOfACode = 500;

/** The ends of keys and uses of canaries have alerts of their own (keys/sweeps/end-notices.ts, authorization/alerts.ts). */
const toldElsewhere: ReadonlySet<string> = new Set(['key_ended', 'key_ends_soon', 'canary_used']);

export interface FindingWatchParts {
  doctor: Pick<Doctor, 'examine'>;
  audit: Pick<AuditLog, 'append'>;
  /** Where it keeps what was found before. */
  file: string;
  onError: (error: unknown) => void;
  firstMs?: number;
}

/**
 * Looks at what `hearthkey doctor` finds from time to time, and records what is new as an alert, one for each kind. What
 * is there when it looks for the first time is no news. A finding that has gone and comes again is new.
 */
export class FindingWatch {
  private readonly task: PeriodicTask;

  constructor(private readonly parts: FindingWatchParts) {
    const { onError } = parts;
    this.task = new PeriodicTask({
      ...{ run: () => this.look(), intervalMs, firstMs: parts.firstMs ?? firstMs, onError },
    });
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  async look(): Promise<void> {
    const known = await this.readKnown();
    const findings = (await this.parts.doctor.examine()).filter(({ code }) => !toldElsewhere.has(code));
    const isFresh = (finding: Finding): boolean =>
      known?.has(nameOf(finding)) === false && !known.has(allOf(finding));
    const fresh = findings.filter(isFresh);
    for (const code of new Set(fresh.map((finding) => finding.code)))
      await this.tell(fresh.filter((finding) => finding.code === code));
    // Behind the alerts: a kill in between repeats them, and loses none.
    const names = namesOf(findings);
    if (known?.size !== names.length || names.some((name) => !known.has(name)))
      await replaceFile(this.parts.file, JSON.stringify(names));
  }

  private async tell([first, ...others]: readonly Finding[]): Promise<void> {
    if (first === undefined) return;
    const { code, subject, problem, advice } = first;
    const more = others.length === 0 ? {} : { more: String(others.length) };
    await this.parts.audit.append({
      ...{ type: 'alert', outcome: 'done', alert: 'new_finding', actor: { kind: 'service' } },
      target: { code, subject, problem, advice, ...more },
    });
  }

  /** Undefined: it has never looked. */
  private async readKnown(): Promise<ReadonlySet<string> | undefined> {
    try {
      return new Set(JSON.parse(await readFile(this.parts.file, 'utf8')) as string[]);
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError;
      if (isAbsent) return undefined;
      throw error;
    }
  }
}

/** Figures in its sentences change while the finding stays the same. */
function nameOf({ code, subject }: Finding): string {
  return `${code} ${subject}`;
}

/** Stands for all findings of a code. */
function allOf({ code }: { code: string }): string {
  return `${code} *`;
}

/** What is remembered of these: where there are too many of a code to name each, that there are many. */
function namesOf(findings: readonly Finding[]): string[] {
  const byCode = new Map<string, string[]>();
  for (const finding of findings) {
    const names = byCode.get(finding.code) ?? [];
    // One more than are told apart is enough to know that there are too many.
    if (names.length <= mostOfACode) names.push(nameOf(finding));
    byCode.set(finding.code, names);
  }
  return [...byCode].flatMap(([code, names]) => (names.length > mostOfACode ? [allOf({ code })] : names));
}
