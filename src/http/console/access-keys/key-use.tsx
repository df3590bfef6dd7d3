import { isLeftAsIs } from '../../../authorization/suggest/suggestion.js';
import type { SuggestionDto } from '../../administration/suggestions/suggestion.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CopyBox } from '../components/copy-box.js';
import { CsrfField } from '../components/csrf-field.js';
import { Moment } from '../components/moment.js';
import { ProblemBox } from '../components/problem-box.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { canApply } from './apply-suggestion.js';
import { keyUseTexts } from './key-use.texts.js';
import { PeriodForm } from './period-form.js';

interface KeyUseProps {
  suggestion: SuggestionDto;
  days: string;
  /** The entity tag of the key. */
  state: string;
  problem: ApiProblem | undefined;
}

/** What a key uses, what it never used, and the smallest role that is enough for it. */
export function KeyUse({ suggestion, days, state, problem }: KeyUseProps) {
  const { t, session } = usePage();
  const texts = t(keyUseTexts);
  const { name, node, recordFrom, notes } = suggestion;
  return (
    <>
      <h1>
        {texts.title} <a href={`/console/keys/${name}`}>{name}</a>
      </h1>
      <ProblemBox problem={problem} />
      <PeriodForm days={days} />
      <p class="muted">
        {recordFrom !== null && (
          <>
            {texts.record} <Moment at={recordFrom} />.{' '}
          </>
        )}
        {node !== '' && texts.ofNode(node)}
      </p>
      {notes.map(({ code, names, message }) => (
        <p key={code} class="notice">
          {texts.notes[code]?.(names.join(', ')) ?? message}
        </p>
      ))}
      <section class="card">
        <h2>{texts.used}</h2>
        <UsedCommands suggestion={suggestion} />
      </section>
      {session?.isRootUser === true && (
        <section class="card">
          <h2>{texts.suggestion}</h2>
          <InPlace {...{ suggestion, state }} />
        </section>
      )}
    </>
  );
}

function UsedCommands({
  suggestion: { decisions, commands, beyond, isUnrestricted },
}: {
  suggestion: SuggestionDto;
}) {
  const texts = usePage().t(keyUseTexts);
  return (
    <>
      <p>{texts.intro(decisions)}</p>
      {commands.length > 0 && (
        <Table label={texts.used} columns={[texts.command, { text: texts.uses, isNumber: true }, texts.last]}>
          {commands.map(({ command, count, lastAt }) => (
            <tr key={command}>
              <th scope="row">
                <code>{command}</code>
              </th>
              <td class="number">{count}</td>
              <td>
                <Moment at={lastAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {isUnrestricted && <p>{texts.everything}</p>}
      {beyond.length > 0 && (
        <details open={!isUnrestricted}>
          <summary>{texts.unused(beyond.length)}</summary>
          <p class="muted">{texts.unusedHint}</p>
          <p>
            <code>{beyond.join(' ')}</code>
          </p>
        </details>
      )}
    </>
  );
}

function InPlace({ suggestion, state }: { suggestion: SuggestionDto; state: string }) {
  const texts = usePage().t(keyUseTexts);
  const { commandLines, keys, since, notes } = suggestion;
  const { allowedAddresses = null, rateLimit = null } = keys[0] ?? {};
  const lines = commandLines.join('\n');
  if (lines === '') return <p>{isLeftAsIs(notes) ? texts.leftAsIs : texts.nothing}</p>;
  return (
    <>
      {allowedAddresses !== null && (
        <p>
          {texts.addresses}: {allowedAddresses.join(', ')}
        </p>
      )}
      {rateLimit !== null && (
        <p>
          {texts.rate}: {rateLimit}. <span class="muted">{texts.rateHint}</span>
        </p>
      )}
      <CopyBox id="lines" label={texts.lines} text={lines} />
      {canApply(suggestion) && (
        <form method="post">
          <CsrfField />
          {Object.entries({ since, state, lines }).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p>
            <label>
              <input type="checkbox" id="sure" name="sure" value="yes" required /> {texts.sure}
            </label>
          </p>
          <p class="muted">{texts.widened}</p>
          <p class="actions">
            <button class="primary">{texts.apply}</button>
          </p>
        </form>
      )}
    </>
  );
}
