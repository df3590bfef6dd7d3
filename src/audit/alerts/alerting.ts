import { randomUUID } from 'node:crypto';
import type { AlertSettings } from '../../config/alert-settings.js';
import { readTrustedCertificates } from '../../config/trusted-certificates.js';
import type { AuditLog } from '../audit-log.js';
import { CursorFile } from '../sinks/cursor-file.js';
import { RecordTail } from '../sinks/record-tail.js';
import { reasonOf, SinkExporter, type SinkState } from '../sinks/sink-exporter.js';
import { SinkExporters } from '../sinks/sink-exporters.js';
import type { Alert } from './alert.js';
import { AlertCursor } from './alert-cursor.js';
import { ReceiverRefusal, type AlertCounts, type AlertReceiver } from './alert-receiver.js';
import { AlertSink } from './alert-sink.js';
import { AlertStateFile } from './alert-state-file.js';
import { AlertFinder } from './find-alerts.js';
import { MailReceiver } from './mail/mail-receiver.js';
import { takeOverRenamed } from './renamed-receivers.js';
import { WebhookReceiver, type RefusalPatience } from './webhook/webhook-receiver.js';

export interface AlertingParts {
  settings: AlertSettings;
  dataDir: string;
  log: AuditLog;
  onWarning: (text: string) => void;
  onRecovered: (text: string) => void;
  /** For tests. */
  saveEveryMs?: number;
  patience?: RefusalPatience;
  collectMs?: number;
}

/** What an operator is told of a receiver. */
export interface AlertReceiverState extends SinkState, AlertCounts {
  kind: 'webhook' | 'mail';
}

/** What a receiver said to a test alert. */
export interface AlertTestResult {
  name: string;
  accepted: boolean;
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
  private readonly exporters: SinkExporters;

  constructor(private readonly parts: AlertingParts) {
    const { webhooks, mail, caFile, networks } = parts.settings;
    const trusted = caFile === undefined ? [] : readTrustedCertificates('HEARTHKEY_ALERT_CA', caFile);
    const { onWarning, patience, collectMs } = parts;
    const common = {
      ...{ networks, trusted, onWarning },
      ...(patience !== undefined && { patience }),
      ...(collectMs !== undefined && { collectMs }),
    };
    this.lines = [
      ...webhooks.map((webhook) =>
        this.line('webhook', webhook.name, new WebhookReceiver({ webhook, ...common })),
      ),
      ...(mail === undefined ? [] : [this.line('mail', mail.name, new MailReceiver({ mail, ...common }))]),
    ];
    this.exporters = new SinkExporters(this.lines.map(({ exporter }) => exporter));
  }

  get states(): AlertReceiverState[] {
    return this.lines.map(({ kind, receiver: { counts, problem }, exporter: { state } }) => {
      return { ...state, kind, ...counts, failure: state.failure ?? problem };
    });
  }

  /** The receiver that has acknowledged least; undefined: there is none. */
  get slowest(): { name: string; number: number } | undefined {
    return this.exporters.slowest;
  }

  async start(): Promise<void> {
    const names = this.lines.map(({ exporter }) => exporter.state.name);
    await takeOverRenamed(this.parts.dataDir, names);
    await this.exporters.start();
  }

  stop(): Promise<void> {
    return this.exporters.stop();
  }

  /**
   * Sends a test alert to each receiver, beside what waits for it. Each has its limit of time.
   *
   * @param signal - ends it, when nobody waits for the answer any more
   */
  async test(signal: AbortSignal): Promise<AlertTestResult[]> {
    const alert = testAlert(this.parts.log.chainId);
    return Promise.all(
      this.lines.map(async ({ receiver, exporter }) => {
        const { name } = exporter.state;
        try {
          return { name, accepted: true, answer: await receiver.test(alert, signal) };
        } catch (error) {
          const answer = error instanceof ReceiverRefusal ? error.answer : reasonOf(error);
          return { name, accepted: false, answer };
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
    const file = new CursorFile(dataDir, name, 'alerts');
    const exporter = new SinkExporter({
      ...{ name, from: 'end', what: 'alerts', sink, log, onWarning, onRecovered },
      tail: new RecordTail(dataDir),
      cursorFile: new AlertCursor({ file, stateFile, log }),
    });
    return { kind, receiver, exporter };
  }
}

function testAlert(chain: string): Alert {
  const data = { chain, event: 0, text: 'This is a test. Nothing has happened.' };
  return { id: `msg_${randomUUID()}`, type: 'alert.test', timestamp: new Date().toISOString(), data };
}
