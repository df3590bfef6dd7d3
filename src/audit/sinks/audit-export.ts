import type { AuditExportSettings, AuditSink } from '../../config/audit-export-settings.js';
import { readTrustedCertificates } from '../../config/trusted-certificates.js';
import type { AuditLog } from '../audit-log.js';
import { CursorFile } from './cursor-file.js';
import { HttpsSink } from './https-sink.js';
import { ocsfFormat } from './ocsf.js';
import { RecordTail } from './record-tail.js';
import { jsonFormat, type Sink } from './sink.js';
import { SinkExporter } from './sink-exporter.js';
import { SinkExporters } from './sink-exporters.js';
import { SyslogSink } from './syslog-sink.js';

export interface AuditExportParts {
  settings: AuditExportSettings;
  dataDir: string;
  log: AuditLog;
  onWarning: (text: string) => void;
  onRecovered: (text: string) => void;
}

/** Sends the audit record to the sinks that HEARTHKEY_AUDIT_EXPORT names. */
export class AuditExport extends SinkExporters {
  constructor(parts: AuditExportParts) {
    const { settings, dataDir, log, onWarning, onRecovered } = parts;
    const trusted =
      settings.caFile === undefined
        ? []
        : readTrustedCertificates('HEARTHKEY_AUDIT_EXPORT_CA', settings.caFile);
    const exporters = settings.sinks.map(
      (target) =>
        new SinkExporter({
          ...{ name: target.name, from: target.from, log, onWarning, onRecovered },
          sink: sinkOf(target, log.chainId, trusted, settings.header),
          tail: new RecordTail(dataDir),
          cursorFile: new CursorFile(dataDir, target.name),
        }),
    );
    super(exporters);
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
