import { randomUUID } from 'node:crypto';
import type { AlertSettings } from '../../config/alert-settings.js';
import { readTrustedCertificates } from '../../config/trusted-certificates.js';
import type { AuditLog } from '../audit-log.js';
import { CursorFile } from '../sinks/cursor-file.js';
import { RecordTail } from '../sinks/record-tail.js';
import { reasonOf, SinkExporter, type SinkState } from '../sinks/sink-exporter.js';
import type { Alert } from './alert.js';
import type { AlertReceiver } from './alert-receiver.js';
import { AlertSink } from './alert-sink.js';
import { AlertStateFile } from './alert-state-file.js';
import { AlertFinder } from './find-alerts.js';
import { MailReceiver } from './mail/mail-receiver.js';
import { WebhookReceiver } from './webhook/webhook-receiver.js';

export interface AlertingParts {
  settings: AlertSettings;
  dataDir: string;
  log: AuditLog;
  onWarning: (text: string) => void;
  onRecovered: (text: string) => void;
  saveEveryMs?: number;
}

/** What an operator is told of a receiver. */
export interface AlertReceiverState extends SinkState {
  kind: 'webhook' | 'mail';
  /** Since the start. */
  sent: number;
  failed: number;
}

/** What a receiver said to a test alert. */
export interface AlertTestResult {
  name: string;
  hasTaken: boolean;
  answer: string;
}

interface Line {
  kind: AlertReceiverState['kind'];
  receiver: AlertReceiver;
  exporter: SinkExporter;
}

/** Brings alerts to the receivers that HEARTHKEY_ALERT_WEBHOOK and HEARTHKEY_ALERT_MAIL_TO name. */
export class Alerting {
  private readonly lines: readonly Line[];

  constructor(private readonly parts: AlertingParts) {
    const { webhooks, mail, caFile } = parts.settings;
    const { settings } = parts;
    const trusted = caFile === undefined ? [] : readTrustedCertificates('HEARTHKEY_ALERT_CA', caFile);
    this.lines = [
      ...webhooks.map((webhook) =>
        this.line('webhook', webhook.name, new WebhookReceiver({ webhook, settings, trusted })),
      ),
      ...(mail === undefined
        ? []
        : [this.line('mail', mail.name, new MailReceiver({ mail, networks: settings.networks, trusted }))]),
    ];
  }

  get states(): AlertReceiverState[] {
    return this.lines.map(({ kind, receiver: { counts }, exporter: { state } }) => {
      return { ...state, kind, ...counts };
    });
  }

  /** The receiver that has acknowledged least; undefined: there is none. */
  get slowest(): { name: string; number: number } | undefined {
    const all = this.lines.map(({ exporter: { state, acknowledged } }) => {
      return { name: state.name, number: acknowledged };
    });
    return all.sort((one, other) => one.number - other.number)[0];
  }

  async start(): Promise<void> {
    for (const { exporter } of this.lines) await exporter.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.lines.map(({ exporter }) => exporter.stop()));
  }

  /** Sends a test alert to each receiver, beside what waits for it. */
  async test(signal: AbortSignal): Promise<AlertTestResult[]> {
    const alert = testAlert(this.parts.log.chainId);
    return Promise.all(
      this.lines.map(async ({ receiver, exporter }) => {
        const { name } = exporter.state;
        try {
          const answer = await receiver.test(alert, signal);
          return { name, hasTaken: /^2\d\d\b/.test(answer), answer };
        } catch (error) {
          return { name, hasTaken: false, answer: reasonOf(error) };
        }
      }),
    );
  }

  private line(kind: Line['kind'], name: string, receiver: AlertReceiver): Line {
    const { settings, dataDir, log, onWarning, onRecovered, saveEveryMs } = this.parts;
    const { types, denials } = settings;
    const finder = new AlertFinder({ chain: log.chainId, types, denials });
    const stateFile = new AlertStateFile(dataDir, name, log.chainId);
    const sink = new AlertSink({
      ...{ receiver, finder, stateFile, tail: new RecordTail(dataDir) },
      ...(saveEveryMs !== undefined && { saveEveryMs }),
    });
    const exporter = new SinkExporter({
      ...{ name, from: 'end', what: 'alerts', sink, log, onWarning, onRecovered },
      tail: new RecordTail(dataDir),
      cursorFile: new CursorFile(dataDir, name, 'alerts'),
    });
    return { kind, receiver, exporter };
  }
}

function testAlert(chain: string): Alert {
  const data = { chain, event: 0, text: 'This is a test. Nothing has happened.' };
  return { id: `msg_${randomUUID()}`, type: 'alert.test', timestamp: new Date().toISOString(), data };
}
