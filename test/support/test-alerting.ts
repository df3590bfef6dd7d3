import { Alerting } from '../../src/audit/alerts/alerting.js';
import type { NewAuditEvent } from '../../src/audit/audit-event.js';
import type { AuditLog } from '../../src/audit/audit-log.js';
import { loadConfig } from '../../src/config/config.js';
import type { AlertSettings } from '../../src/config/alert-settings.js';
import { temporaryFolder } from './folders.js';
import { auditLogIn } from './test-audit-log.js';
import { within } from './waiting.js';

/** Alerts of a record of its own, in this process. */
export class TestAlerting {
  readonly dataDir = temporaryFolder();
  readonly warnings: string[] = [];
  readonly log: AuditLog = auditLogIn(this.dataDir);
  running: Alerting | undefined;

  async start(
    settings: Record<string, string>,
    patience?: { alertAgeMs: number; refusedMs: number },
  ): Promise<Alerting> {
    this.running = new Alerting({
      ...{ settings: alertSettings(settings), dataDir: this.dataDir, log: this.log },
      ...{ saveEveryMs: 0, collectMs: 200 },
      onWarning: (text) => this.warnings.push(text),
      onRecovered: () => undefined,
      ...(patience !== undefined && { patience }),
    });
    await this.running.start();
    return this.running;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    this.log.close();
  }

  /** Keys that are made, each of which then is used with a new command. */
  async append(from: number, count: number): Promise<void> {
    const events: NewAuditEvent[] = Array.from({ length: count }, (_, index) => from + index).flatMap(
      (index) => {
        const [accessKeyId, user] = [keyId(index % 50), 'alice'];
        const target = { accessKeyId, user, permissions: '', made: 'yes' };
        const actor = { kind: 'access_key', accessKeyId, user } as const;
        const command = `v-list-${String(index)}`;
        return [
          { type: 'change', outcome: 'done', actor: { kind: 'operator' }, target },
          { type: 'decision', outcome: 'allow', actor, clientAddress: '192.0.2.1', command },
        ];
      },
    );
    await Promise.all(events.map((event) => this.log.append(event)));
  }

  get isBehind(): boolean {
    return this.running?.states.some(({ behind }) => behind > 0) !== false;
  }

  caughtUp(): Promise<void> {
    return within(20_000, 'everything is acknowledged', () => !this.isBehind);
  }
}

/** @param settings - without HEARTHKEY_ before their names */
export function alertSettings(settings: Record<string, string>): AlertSettings {
  const named = Object.entries(settings).map(([name, value]) => [`HEARTHKEY_${name}`, value]);
  return loadConfig(Object.fromEntries(named) as Record<string, string>).alerts;
}

export const keyId = (index: number): string => `KEY${String(index).padStart(17, '0')}`;
