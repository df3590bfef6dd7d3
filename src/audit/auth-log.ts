import { AppendOnlyFile } from './record/append-only-file.js';
import { encodeLines } from './record/encode-lines.js';
import { formatStamp } from './times.js';

/** How an attempt to log in ended, as Hestia's `auth.log` tells it. */
export interface LoginOutcome {
  /** The access key ID as it was sent, or `api` for legacy credentials. */
  who: string;
  clientAddress: string;
  /** The command that was let through; undefined: refused. */
  launched: string | undefined;
  /** Who came with a password: what Hestia writes then names no command. */
  isLogin?: boolean;
}

/** A convenience for fail2ban: that it can't be written is reported once, and holds nobody up. */
export class AuthLog {
  private file: AppendOnlyFile;
  private lines: string[] = [];
  private isBroken = false;

  constructor(
    private readonly path: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.file = new AppendOnlyFile(path);
  }

  add(outcome: LoginOutcome, nowMs: number): void {
    this.lines.push(formatAuthLogLine(outcome, nowMs));
  }

  forget(): void {
    this.lines = [];
  }

  write(): void {
    if (this.lines.length === 0) return;
    const { lines } = this;
    this.lines = [];
    this.safely(() => this.file.append(encodeLines(lines)));
  }

  /** Begins the file anew where log rotation has moved it away. */
  watch(): void {
    const state = this.safely(() => this.file.look());
    if (state !== 'moved' && state !== 'deleted') return;
    this.safely(() => {
      const opened = new AppendOnlyFile(this.path);
      this.file.close(this.onError);
      this.file = opened;
    });
  }

  syncLater(): void {
    this.file.sync().catch(this.onError);
  }

  close(): void {
    this.file.close(this.onError);
  }

  private safely<T>(work: () => T): T | undefined {
    try {
      const result = work();
      this.isBroken = false;
      return result;
    } catch (error) {
      if (!this.isBroken) this.onError(error);
      this.isBroken = true;
      return undefined;
    }
  }
}

/**
 * One line in Hestia's format, which fail2ban rules read: `DATE TIME WHO ADDRESS COMMAND successfully launched`, or
 * `DATE TIME WHO ADDRESS failed to login`; local time.
 */
export function formatAuthLogLine(outcome: LoginOutcome, timeMs: number): string {
  const stamp = formatStamp(timeMs);
  const who = `${oneWord(outcome.who)} ${outcome.clientAddress}`;
  if (outcome.launched === undefined) return `${stamp} ${who} failed to login\n`;
  if (outcome.isLogin === true) return `${stamp} ${who} successfully logged in\n`;
  const command = outcome.launched === '' ? '' : `${oneWord(outcome.launched)} `;
  return `${stamp} ${who} ${command}successfully launched\n`;
}

/** What a client sent must not look like more fields or another line. */
function oneWord(text: string): string {
  if (/^[\x21-\x7e]{1,64}$/.test(text)) return text;
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 64) || '-';
}
