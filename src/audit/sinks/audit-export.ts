import type { AuditExportSettings, AuditSink } from '../../config/audit-export-settings.js';
import { readTrustedCertificates } from '../../config/trusted-certificates.js';
import type { AuditLog } from '../audit-log.js';
import { CursorFile } from './cursor-file.js';
import { HttpsSink } from './https-sink.js';
import { ocsfFormat } from './ocsf.js';
import { RecordTail } from './record-tail.js';
import { jsonFormat, type Sink } from './sink.js';
import { SinkExporter, type SinkState } from './sink-exporter.js';
import { SyslogSink } from './syslog-sink.js';

export interface AuditExportParts {
  settings: AuditExportSettings;
  dataDir: string;
  log: AuditLog;
  onWarning: (text: string) => void;
  onRecovered: (text: string) => void;
}

/** Sends the audit record to the sinks that HEARTHKEY_AUDIT_EXPORT names. */
export class AuditExport {
  private readonly exporters: readonly SinkExporter[];

  constructor(parts: AuditExportParts) {
    const { settings, dataDir, log, onWarning, onRecovered } = parts;
    const trusted =
      settings.caFile === undefined
        ? []
        : readTrustedCertificates('HEARTHKEY_AUDIT_EXPORT_CA', settings.caFile);
    this.exporters = settings.sinks.map(
      (target) =>
        new SinkExporter({
          ...{ name: target.name, from: target.from, log, onWarning, onRecovered },
          sink: sinkOf(target, log.chainId, trusted, settings.header),
          tail: new RecordTail(dataDir),
          cursorFile: new CursorFile(dataDir, target.name),
        }),
    );
  }

  get states(): SinkState[] {
    return this.exporters.map(({ state }) => state);
  }

  /** The sink that has acknowledged least; undefined: there is none. */
  get slowest(): { name: string; number: number } | undefined {
    const all = this.exporters.map(({ state: { name }, acknowledged: number }) => ({ name, number }));
    return all.sort((one, other) => one.number - other.number)[0];
  }

  async start(): Promise<void> {
    for (const exporter of this.exporters) await exporter.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.exporters.map((exporter) => exporter.stop()));
  }
}

function sinkOf(
  target: AuditSink,
  chain: string,
  trusted: readonly string[],
  header: AuditExportSettings['header'],
): Sink {
  const format = target.format === 'ocsf' ? ocsfFormat(chain) : jsonFormat(chain);
  return target.kind === 'https'
    ? new HttpsSink(target, format, trusted, header)
    : new SyslogSink(target, format, trusted);
}
