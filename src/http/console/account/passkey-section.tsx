import type { PasskeyDto } from '../../administration/sessions/passkey.dto.js';
import { CsrfField } from '../components/csrf-field.js';
import { TextField } from '../components/fields.js';
import { Distance, Moment } from '../components/moment.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { accountTexts } from './account.texts.js';

/** The reader's passkeys. The script talks to the authenticator, and sends what it made to REST v1. */
export function PasskeySection({ passkeys }: { passkeys: readonly PasskeyDto[] }) {
  const texts = usePage().t(accountTexts);
  return (
    <section class="card" id="passkeys">
      <h2>{texts.passkeys}</h2>
      <p class="hint">{texts.passkeysHint}</p>
      {passkeys.length === 0 ? <p class="muted">{texts.noPasskeys}</p> : <PasskeyTable passkeys={passkeys} />}
      <form class="narrow needs-script" data-enrols data-failed={texts.enrolFailed}>
        <CsrfField />
        <TextField
          {...{ name: 'name', label: texts.passkeyName, hint: texts.passkeyNameHint }}
          {...{ maxLength: 64, required: true, autocomplete: 'off' }}
        />
        <button>{texts.enrol}</button>
      </form>
      <noscript>
        <p class="muted">{texts.enrolNeedsScript}</p>
      </noscript>
    </section>
  );
}

function PasskeyTable({ passkeys }: { passkeys: readonly PasskeyDto[] }) {
  const texts = usePage().t(accountTexts);
  return (
    <Table label={texts.passkeys} columns={Object.values(texts.columns)}>
      {passkeys.map(({ passkeyId, name, createdAt, lastUsedAt }) => (
        <tr key={passkeyId}>
          <th scope="row">
            <bdi>{name}</bdi>
          </th>
          <td>
            <Moment at={createdAt} />
          </td>
          <td>{lastUsedAt === null ? texts.never : <Distance at={lastUsedAt} />}</td>
          <td>
            <form method="post" action={`/console/account/passkeys/${passkeyId}/delete`}>
              <CsrfField />
              <button class="quiet" aria-label={texts.removeOf(name)}>
                {texts.remove}
              </button>
            </form>
          </td>
        </tr>
      ))}
    </Table>
  );
}
