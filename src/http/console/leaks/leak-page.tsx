import type { KeyOfLeakDto, LeakAnswersDto } from '../../administration/leaked-secrets/leaked-secrets.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { TextArea } from '../components/fields.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { leakTexts } from './leak.texts.js';

export const leakPath = '/console/keys/leaked';

/** What was entered is not shown again: it is secret until its key is gone. */
export function LeakForm({ problem }: { problem: ApiProblem | undefined }) {
  const { t } = usePage();
  const texts = t(leakTexts);
  return (
    <>
      <h1>{texts.title}</h1>
      <form method="post" class="card narrow">
        <CsrfField />
        <p>{texts.hint}</p>
        <ProblemBox problem={problem} />
        <TextArea
          {...{ name: 'secrets', label: texts.secrets, required: true, rows: 4 }}
          {...{ autocomplete: 'off', autocapitalize: 'none', spellcheck: false, maxLength: 40_000 }}
          error={problem?.messageFor('secrets')}
        />
        <p class="actions">
          <button class="danger">{texts.revoke}</button>
          <a href="/console/keys">{t(layoutTexts).cancel}</a>
        </p>
      </form>
    </>
  );
}

interface LeakResultProps {
  /** Of each secret so much as may be shown. */
  masked: readonly string[];
  answers: LeakAnswersDto;
}

export function LeakResult({ masked, answers }: LeakResultProps) {
  const texts = usePage().t(leakTexts);
  const { items, accessKeysNotCompared, secretsComparedByIdAlone } = answers;
  const rows = items.flatMap((one, index) =>
    [one, ...one.otherKeys].map((answer) => ({ answer, masked: masked[index] ?? '' })),
  );
  const hasReplaced = rows.some(({ answer }) => answer.state === 'replaced');
  return (
    <>
      <h1>{texts.result}</h1>
      <div class="scrolls" tabIndex={0} role="region" aria-label={texts.result}>
        <table>
          <thead>
            <tr>
              {Object.entries(texts.columns).map(([name, text]) => (
                <th key={name} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <LeakRow key={String(index)} {...row} />
            ))}
          </tbody>
        </table>
      </div>
      {hasReplaced && <p class="notice warn">{texts.another}</p>}
      {accessKeysNotCompared > 0 && <p class="notice warn">{texts.notCompared(accessKeysNotCompared)}</p>}
      {secretsComparedByIdAlone > 0 && <p class="notice warn">{texts.byIdAlone(secretsComparedByIdAlone)}</p>}
      <p class="actions">
        <a class="button" href={leakPath}>
          {texts.more}
        </a>
      </p>
    </>
  );
}

function LeakRow({ answer, masked }: { answer: KeyOfLeakDto; masked: string }) {
  const texts = usePage().t(leakTexts);
  const { accessKeyId, legacyKeyId, user, state, isRevoked, deletedWithIt } = answer;
  return (
    <tr>
      <td>
        <code>{masked}</code>
      </td>
      <td>
        {accessKeyId !== null && <code>{accessKeyId}</code>}
        {legacyKeyId !== null && (
          <>
            {texts.legacyKey} <code>{legacyKeyId}</code>
          </>
        )}
      </td>
      <td>{user}</td>
      <td>
        <Badge tone={state === 'live' ? 'bad' : 'plain'}>{texts.states[state]}</Badge>
      </td>
      <td>
        {isRevoked ? texts.deleted : texts.nothing}
        {deletedWithIt.length > 0 && `, ${texts.deletedWithIt(deletedWithIt.length)}`}
      </td>
    </tr>
  );
}
