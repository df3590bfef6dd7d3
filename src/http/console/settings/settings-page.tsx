import type { LegacyKeyDto } from '../../administration/legacy-keys/legacy-keys.controller.js';
import type { SettingsDto } from '../../administration/settings/settings.dto.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { Moment } from '../components/moment.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { settingsTexts } from './settings.texts.js';

export interface SettingsPageProps {
  settings: SettingsDto;
  legacyKeys: readonly LegacyKeyDto[];
  /** For the form that makes a legacy key: a reload makes no second one. */
  creation: string;
}

export function SettingsPage({ settings, legacyKeys, creation }: SettingsPageProps) {
  const texts = usePage().t(settingsTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
      </div>
      <p>
        <a href="/console/callers">{texts.elsewhere}</a>
      </p>
      <ReadOnlyMode isReadOnly={settings.isReadOnly} />
      <section class="card">
        <h2>{texts.legacyApi}</h2>
        <p class="hint">{texts.legacyHint}</p>
        {legacyKeys.length === 0 ? (
          <p class="muted">{texts.noLegacyKeys}</p>
        ) : (
          <LegacyKeys keys={legacyKeys} />
        )}
        <form method="post" action="/console/settings/legacy-keys">
          <CsrfField />
          <input type="hidden" name="creation" value={creation} />
          <button>{texts.make}</button>
        </form>
      </section>
      <section class="card">
        <h2>{texts.rootUser}</h2>
        <p>
          <code>{settings.rootUser}</code> <span class="muted">{texts.rootUserHint}</span>
        </p>
      </section>
    </>
  );
}

function ReadOnlyMode({ isReadOnly }: { isReadOnly: boolean }) {
  const texts = usePage().t(settingsTexts);
  return (
    <section class="card">
      <h2>
        {texts.readOnly}{' '}
        <Badge tone={isReadOnly ? 'warn' : 'plain'}>{isReadOnly ? texts.isOn : texts.isOff}</Badge>
      </h2>
      <p class="hint">{texts.readOnlyHint}</p>
      <p>
        {isReadOnly ? texts.turnOff : texts.turnOffLater} <code>v-change-sys-config-value DEMO_MODE no</code>
      </p>
      {!isReadOnly && (
        <form method="post" action="/console/settings/read-only">
          <CsrfField />
          <button>{texts.turnOn}</button>
        </form>
      )}
    </section>
  );
}

function LegacyKeys({ keys }: { keys: readonly LegacyKeyDto[] }) {
  const texts = usePage().t(settingsTexts);
  return (
    <Table label={texts.legacyApi} columns={Object.values(texts.columns)}>
      {keys.map(({ id, createdAt, isWeak }) => (
        <tr key={id}>
          <th scope="row">
            <code>{id}</code> {isWeak && <Badge tone="warn">{texts.weak}</Badge>}
          </th>
          <td>
            <Moment at={createdAt} />
          </td>
          <td>
            <form method="post" action={`/console/settings/legacy-keys/${id}/revoke`}>
              <CsrfField />
              <button class="quiet" aria-label={texts.revokeOf(id)}>
                {texts.revoke}
              </button>
            </form>
          </td>
        </tr>
      ))}
    </Table>
  );
}
