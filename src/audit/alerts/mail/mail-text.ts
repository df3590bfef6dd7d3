import { hostname } from 'node:os';
import { visible } from '../../../text/visible-text.js';
import type { Alert } from '../alert.js';
import { describeAlert } from '../describe-alert.js';
import type { MailDigest } from './mail-digest.js';

/** Subject and body of the mail, in plain text. */
export function mailText({ shown, counts, total, isUrgent }: MailDigest): { subject: string; text: string } {
  const [first] = shown;
  const more = total - shown.length;
  const others = total === 1 ? '' : ` (and ${String(total - 1)} more)`;
  const isNamed = first !== undefined && (total === 1 || isUrgent);
  const what = isNamed ? `${describeAlert(first)}${others}` : `${String(total)} alerts`;
  const lines = shown.map(
    (alert) => `${alert.timestamp}  ${visible(describeAlert(alert))}\n${detail(alert)}`,
  );
  const sums = [...counts].map(([type, count]) => `${String(count)} × ${type}`).join(', ');
  const rest = more > 0 ? [`… and ${String(more)} more. All together: ${sums}.\n`] : [];
  const end = '--\nHearthkey sends these alerts as HEARTHKEY_ALERT_MAIL_TO says (docs/alerts.md).\n';
  return {
    subject: visible(`Hearthkey on ${hostname()}: ${what}`).slice(0, 200),
    text: [...lines, ...rest, end].join('\n'),
  };
}

/** Where to look it up. */
function detail({ data: { event, command, clientAddress, actor } }: Alert): string {
  const parts = [
    typeof actor === 'string' && `by ${actor}`,
    command !== undefined && `command ${command}`,
    clientAddress !== undefined && `from ${clientAddress}`,
    `event ${String(event)}`,
  ];
  return `    ${visible(parts.filter((part) => part !== false).join(', '))}\n`;
}
