import { hostname } from 'node:os';
import { version } from '../../config/version.js';
import type { EventFields, FormatEvent, RecordedEvent } from './sink.js';

/** "log audit" of RFC 5424. */
const facility = 13;
const severities = { warning: 4, notice: 5, informational: 6 } as const;

/** A header takes no other characters, and no more of them (RFC 5424, 6.2). */
function headerField(text: string, length: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, length) || '-';
}

const host = headerField(hostname(), 255);
const origin = `[origin software="hearthkey" swVersion="${version}"]`;

/**
 * An event as a message of RFC 5424 behind its length in octets (RFC 6587, 3.4.1; RFC 5425 has the same frames). The
 * message is the event as JSON, in UTF-8 without the byte order mark that many receivers would keep as text.
 */
export function syslogFrame(event: RecordedEvent, format: FormatEvent): string {
  const { time = '-', type = '-', outcome } = JSON.parse(event.line) as EventFields;
  const priority = facility * 8 + severityOf(type, outcome);
  const header = `<${String(priority)}>1 ${headerField(time, 32)} ${host} hearthkey ${String(process.pid)} ${headerField(type, 32)}`;
  const message = `${header} ${origin} ${format(event)}`;
  return `${String(Buffer.byteLength(message))} ${message}`;
}

function severityOf(type: string, outcome: string | undefined): number {
  if (type === 'alert' || outcome === 'failed') return severities.warning;
  return outcome === 'deny' ? severities.notice : severities.informational;
}
