import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { TextField } from '../components/fields.js';
import { Distance } from '../components/moment.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { keyFormsTexts } from './key-forms.texts.js';

interface DeleteKeyProps {
  accessKey: AccessKeyDto;
  typed: string;
  problem: ApiProblem | undefined;
}

/** Suspending can be undone, so it comes first. */
export function DeleteKey({ accessKey, typed, problem }: DeleteKeyProps) {
  const { t } = usePage();
  const texts = t(keyFormsTexts);
  const { accessKeyId, comment, lastUse } = accessKey;
  return (
    <>
      <h1>
        {texts.deleteTitle} <code>{accessKeyId}</code>
      </h1>
      <p>
        {comment !== '' && (
          <>
            <bdi>{comment}</bdi>.{' '}
          </>
        )}
        {lastUse === null ? (
          texts.neverUsed
        ) : (
          <>
            {texts.lastUse} <Distance at={lastUse.at} />.
          </>
        )}
      </p>
      <SuspendFirst accessKey={accessKey} />
      <section class="card">
        <h2>{texts.deleteForGood}</h2>
        <p>{texts.deleteHint}</p>
        <form method="post" class="narrow">
          <CsrfField />
          <ProblemBox problem={problem} />
          <TextField
            {...{ name: 'typed', label: texts.typeId(accessKeyId), value: typed, required: true }}
            {...{ autocomplete: 'off', autocapitalize: 'none', spellcheck: false, maxLength: 20 }}
            error={problem?.messageFor('typed')}
          />
          <p class="actions">
            <button class="danger">{texts.delete}</button>
            <a href={`/console/keys/${accessKeyId}`}>{t(layoutTexts).cancel}</a>
          </p>
        </form>
      </section>
    </>
  );
}

function SuspendFirst({ accessKey: { accessKeyId, state } }: { accessKey: AccessKeyDto }) {
  const { t, session } = usePage();
  const texts = t(keyFormsTexts);
  if (state === 'suspended') return <p class="notice">{texts.isSuspended}</p>;
  return (
    <section class="card">
      <h2>{texts.suspendFirst}</h2>
      <p>{session?.isRootUser === true ? texts.suspendHint : texts.suspendHintUser}</p>
      <form method="post" action={`/console/keys/${accessKeyId}`}>
        <CsrfField />
        <button class="primary" name="action" value="suspend">
          {texts.suspend}
        </button>
      </form>
    </section>
  );
}
