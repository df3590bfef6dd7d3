import type { ComponentChildren } from 'preact';
import type { AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import type { ExplanationDto } from '../../administration/insight/insight.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { Moment } from '../components/moment.js';
import { ProblemBox } from '../components/problem-box.js';
import { usePage } from '../page.js';
import { Actor, KeyLink } from './actor.js';
import { OutcomeBadge, TargetName } from './event-row.js';
import { eventTexts } from './event.texts.js';
import { Explanation } from './explanation.js';
import { reasonName, reasonText } from './reason-text.js';
import { reasonsTexts } from './reasons.texts.js';
import { recordTexts } from './record.texts.js';

interface EventPageProps {
  event: AuditEventDto;
  /** Undefined: it is no decision about an access key, or none that the reader may have explained. */
  explanation: ExplanationDto | undefined;
  problem?: ApiProblem | undefined;
  /** The remedy that was confirmed is none any more. */
  hasChanged?: boolean;
}

/** One event as a whole, and why it was decided so. */
export function EventPage({ event, explanation, problem, hasChanged = false }: EventPageProps) {
  const { t } = usePage();
  const texts = t(eventTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title(event.number)}</h1>
        <a href="/console/record">{texts.back}</a>
      </div>
      <ProblemBox problem={problem} />
      {hasChanged && (
        <p class="notice warn" role="alert">
          {texts.changed}
        </p>
      )}
      <EventFacts event={event} />
      <Reason reason={event.reason} />
      {explanation !== undefined && <Explanation explanation={explanation} />}
    </>
  );
}

function Reason({ reason }: { reason: string | null }) {
  const { t } = usePage();
  const texts = t(eventTexts);
  const found = reasonText(t(reasonsTexts), reason);
  if (found === undefined) return null;
  const [name, meaning, advice] = found;
  return (
    <section class="card">
      <h2>{name}</h2>
      <dl class="facts">
        <dt>{texts.whatItMeans}</dt>
        <dd>{meaning}</dd>
        <dt>{texts.whatToDo}</dt>
        <dd>{advice}</dd>
      </dl>
    </section>
  );
}

function EventFacts({ event }: { event: AuditEventDto }) {
  const { t } = usePage();
  const texts = t(eventTexts);
  const { types, notes } = t(recordTexts);
  const { clientAddress, command, args, code, target, note } = event;
  const type = event.type in types ? types[event.type as 'change'] : event.type;
  const rows: readonly (readonly [keyof typeof texts.facts, ComponentChildren])[] = [
    ['time', <Moment at={event.time} isExact />],
    ['type', type],
    ['outcome', <OutcomeBadge outcome={event.outcome} />],
    ['who', <Actor actor={event.actor} />],
    ['address', clientAddress && <code>{clientAddress}</code>],
    ['command', command && <code>{command}</code>],
    ['args', args && args.length > 0 && <Arguments args={args} />],
    ['code', code !== null && String(code)],
    ['target', target && <Target target={target} />],
    ['note', note && (note in notes ? notes[note as 'record_cut'] : note)],
    ['trial', event.trial && <Verdicts trial={event.trial} />],
    ['count', event.count > 1 && texts.attempts(event.count)],
    ['id', <code>{event.id}</code>],
  ];
  return (
    <dl class="facts card">
      {rows
        .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
        .map(([name, value]) => [<dt>{texts.facts[name]}</dt>, <dd>{value}</dd>])}
    </dl>
  );
}

/** What trials would have made of the request. */
function Verdicts({ trial }: { trial: NonNullable<AuditEventDto['trial']> }) {
  const { t } = usePage();
  const texts = t(eventTexts);
  return (
    <>
      {trial.map(({ accessKeyId, wouldDeny }) => (
        <div key={accessKeyId}>
          <KeyLink id={accessKeyId} />:{' '}
          {wouldDeny === null ? texts.wouldAllow : texts.wouldDeny(reasonName(t(reasonsTexts), wouldDeny))}
        </div>
      ))}
    </>
  );
}

function Arguments({ args }: { args: readonly string[] }) {
  const { masked } = usePage().t(eventTexts);
  return (
    <>
      {args.map((arg, place) => (
        <>
          <code key={place}>
            <bdi>{arg === '' ? '""' : arg}</bdi>
          </code>{' '}
        </>
      ))}
      <span class="muted">{masked}</span>
    </>
  );
}

function Target({ target }: { target: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(target).map(([name, value]) => (
        <div key={name}>
          <TargetName name={name} />:{' '}
          {name === 'accessKeyId' || name === 'madeBy' ? <KeyLink id={value} /> : <bdi>{value}</bdi>}
        </div>
      ))}
    </>
  );
}
