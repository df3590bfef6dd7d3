import type { AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import { Badge, type Tone } from '../components/badge.js';
import { Moment } from '../components/moment.js';
import { usePage } from '../page.js';
import { Actor } from './actor.js';
import { reasonText } from './reason-text.js';
import { reasonsTexts } from './reasons.texts.js';
import { recordTexts } from './record.texts.js';

const tones: Readonly<Record<string, Tone>> = { allow: 'good', done: 'plain', deny: 'bad', failed: 'warn' };

/** One event in the list; the live tail sends the same. */
export function EventRow({ event }: { event: AuditEventDto }) {
  const texts = usePage().t(recordTexts);
  const { number, time, count, clientAddress, command } = event;
  return (
    <tr>
      <th scope="row" class="when">
        <a href={`/console/record/${String(number)}`}>
          <span class="hidden">{texts.event(number)}, </span>
          <Moment at={time} isExact />
        </a>
      </th>
      <td>
        <OutcomeBadge outcome={event.outcome} />
        {count > 1 && <span class="muted"> {texts.count(count)}</span>}
      </td>
      <td>
        <Actor actor={event.actor} />
      </td>
      <td>{clientAddress !== null && <code class="nowrap">{clientAddress}</code>}</td>
      <td>{command !== null && <code class="nowrap">{command}</code>}</td>
      <td>
        <EventReason event={event} />
      </td>
    </tr>
  );
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { outcomes } = usePage().t(recordTexts);
  const text = outcome in outcomes ? outcomes[outcome as 'allow'] : outcome;
  return <Badge tone={tones[outcome] ?? 'plain'}>{text}</Badge>;
}

/** What a value of an event is: in words where this version knows it. */
export function TargetName({ name }: { name: string }) {
  const { targets } = usePage().t(recordTexts);
  return Object.hasOwn(targets, name) ? <>{targets[name as 'user']}</> : <code>{name}</code>;
}

/** Why it was denied, or what it is about. */
function EventReason({ event: { reason, note, target } }: { event: AuditEventDto }) {
  const { t } = usePage();
  const { notes } = t(recordTexts);
  if (reason !== null) return <>{reasonText(t(reasonsTexts), reason)?.[0] ?? reason}</>;
  if (note !== null) return <>{note in notes ? notes[note as 'record_cut'] : note}</>;
  if (target === null) return null;
  return (
    <span class="muted brief">
      {Object.entries(target).map(([name, value], place) => (
        <span key={name}>
          {place > 0 && ', '}
          <TargetName name={name} /> <bdi>{value === '' ? '–' : value}</bdi>
        </span>
      ))}
    </span>
  );
}
