import type { TriedDenialDto } from '../../administration/trials/trial.dto.js';
import { CsrfField } from '../components/csrf-field.js';
import { Moment } from '../components/moment.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { reasonName } from '../record/reason-text.js';
import { reasonsTexts } from '../record/reasons.texts.js';
import { keyTrialTexts } from './key-trial.texts.js';
import type { KeyTrial } from './key-view.js';

const partNames = ['permissions', 'allowedAddresses', 'rateLimit', 'only'] as const;

/** What is tried of a key, what it would have denied, and the button that makes it real. */
export function KeyTrialCard({ trial }: { trial: KeyTrial | undefined }) {
  const texts = usePage().t(keyTrialTexts);
  if (trial === undefined) return null;
  const { report } = trial;
  if (!report.isReadable) return <p class="notice warn">{texts.unreadable}</p>;
  const { tries, since, by, decisions, wouldDeny, denials, otherNodes, recordFrom } = report;
  return (
    <section class="card">
      <h2>{texts.title}</h2>
      <p>{texts.intro}</p>
      <dl class="facts">
        {partNames
          .filter((name) => tries[name] !== undefined)
          .map((name) => [<dt>{texts.parts[name]}</dt>, <dd>{shown(tries[name]) || texts.none}</dd>])}
        <dt>{texts.since}</dt>
        <dd>
          <Moment at={since} />
        </dd>
        <dt>{texts.by}</dt>
        <dd>
          <bdi>{by}</bdi>
        </dd>
      </dl>
      <p>{texts.counts(wouldDeny, decisions)}</p>
      {otherNodes.length > 0 && <p class="notice">{texts.otherNodes(otherNodes.join(', '))}</p>}
      {recordFrom !== null && (
        <p class="notice">
          {texts.recordFrom} <Moment at={recordFrom} />.
        </p>
      )}
      {denials.length > 0 && <Denials denials={denials} />}
      <EnforceForm trial={trial} />
    </section>
  );
}

function Denials({ denials }: { denials: readonly TriedDenialDto[] }) {
  const { t } = usePage();
  const texts = t(keyTrialTexts);
  return (
    <Table
      label={texts.denials}
      columns={[texts.command, texts.reason, { text: texts.count, isNumber: true }, texts.last]}
    >
      {denials.map(({ command, reason, count, lastAt }) => (
        <tr key={`${command} ${reason}`}>
          <th scope="row">
            <code>{command}</code>
          </th>
          <td>{reasonName(t(reasonsTexts), reason)}</td>
          <td class="number">{count}</td>
          <td>
            <Moment at={lastAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function EnforceForm({ trial: { report, state } }: { trial: KeyTrial }) {
  const texts = usePage().t(keyTrialTexts);
  return (
    <form method="post" action={`/console/keys/${report.accessKeyId}`}>
      <CsrfField />
      <input type="hidden" name="state" value={state} />
      <p>
        <label>
          <input type="checkbox" id="sure" name="sure" value="yes" required /> {texts.sure}
        </label>
      </p>
      <p class="actions">
        <button class="primary" name="action" value="enforce">
          {texts.enforce}
        </button>
      </p>
    </form>
  );
}

function shown(value: readonly string[] | string | null | undefined): string {
  return typeof value === 'object' ? (value?.join(', ') ?? '') : (value ?? '');
}
