import { rmSync } from 'node:fs';
import { FaultService } from '../service.js';
import type { StoreAccess } from './store.js';

/** @returns what was done; undefined: nothing could be done there */
export type Change = (place: Place, random: () => number) => Promise<string | undefined> | string | undefined;

/** A copy of the original that may be tampered with: the data directory and the database, never the audit key. */
export class Place {
  private service: FaultService | undefined;

  constructor(
    private readonly folder: string,
    readonly dataDir: string,
    readonly store: StoreAccess,
  ) {}

  async start(): Promise<FaultService> {
    this.service ??= await FaultService.start(this.dataDir, this.store.settings);
    return this.service;
  }

  async stop(): Promise<void> {
    await this.service?.end('SIGTERM');
    this.service = undefined;
  }

  async kill(): Promise<void> {
    await this.service?.end('SIGKILL');
    this.service = undefined;
  }

  async tamper(change: Change, random: () => number, isRunning: boolean): Promise<string | undefined> {
    if (isRunning) await this.start();
    return change(this, random);
  }

  async verifyAfterStart(): Promise<string | undefined> {
    await this.start();
    return this.verify();
  }

  /** What `v-verify-audit` has found; undefined: nothing. */
  async verify(): Promise<string | undefined> {
    const { code, stdout } = await (await this.start()).run('v-verify-audit', 'json');
    if (code === 0) return undefined;
    const { FIRST_PROBLEMS: problems = [] } = JSON.parse(stdout) as {
      FIRST_PROBLEMS?: { PLACE: string; PROBLEM: string }[];
    };
    const [first] = problems;
    return first === undefined ? `code ${String(code)}` : `${first.PLACE}: ${first.PROBLEM}`;
  }

  async end(): Promise<void> {
    await this.kill();
    await this.store.end();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
