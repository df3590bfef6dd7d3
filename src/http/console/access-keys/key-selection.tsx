import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import { CsrfField } from '../components/csrf-field.js';
import { Empty } from '../components/empty.js';
import { Distance } from '../components/moment.js';
import { withQuery } from '../components/pager.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { keyListTexts } from './key-list.texts.js';
import { keySelectionTexts } from './key-selection.texts.js';
import { Table } from '../components/table.js';

export type Action = 'suspend' | 'delete';

export interface Failure {
  id: string;
  message: string;
}

interface ConfirmSelectionProps {
  action: Action;
  ids: readonly string[];
  /** In the same order; undefined: gone. */
  keys: readonly (AccessKeyDto | undefined)[];
}

/** What is to be done with which keys, before it is done. */
export function ConfirmSelection({ action, ids, keys }: ConfirmSelectionProps) {
  const { t, url } = usePage();
  const texts = t(keySelectionTexts);
  const list = withQuery(url, {});
  return (
    <>
      <h1>{texts[action](ids.length)}</h1>
      <p class="notice warn">{action === 'delete' ? texts.deleteHint : texts.suspendHint}</p>
      <form method="post" action={list}>
        <CsrfField />
        <input type="hidden" name="confirmed" value="yes" />
        <div class="scrolls" tabIndex={0} role="region" aria-label={texts.keys}>
          <table>
            <KeyHead />
            <tbody>
              {ids.map((id, index) => (
                <KeyRow key={id} id={id} accessKey={keys[index]} />
              ))}
            </tbody>
          </table>
        </div>
        <p class="actions under-table">
          {action === 'delete' && (
            <button class="primary" name="action" value="suspend">
              {texts.suspendInstead}
            </button>
          )}
          <button class="danger" name="action" value={action}>
            {action === 'delete' ? texts.deleteThem : texts.suspendThem}
          </button>
          <a href={list}>{t(layoutTexts).cancel}</a>
        </p>
      </form>
    </>
  );
}

function KeyHead() {
  const { columns } = usePage().t(keyListTexts);
  return (
    <thead>
      <tr>
        {[columns.key, columns.user, columns.lastUse].map((text) => (
          <th key={text} scope="col">
            {text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function KeyRow({ id, accessKey }: { id: string; accessKey: AccessKeyDto | undefined }) {
  const { t } = usePage();
  const { gone } = t(keySelectionTexts);
  const { neverUsed } = t(keyListTexts);
  const { user, comment = '', lastUse = null } = accessKey ?? {};
  return (
    <tr>
      <th scope="row">
        <input type="hidden" name="key" value={id} />
        <code>{id}</code>
        {comment !== '' && <bdi class="muted">{comment}</bdi>}
      </th>
      <td>{user ?? <span class="muted">{gone}</span>}</td>
      <td>{lastUse === null ? <span class="muted">{neverUsed}</span> : <Distance at={lastUse.at} />}</td>
    </tr>
  );
}

export function NothingSelected() {
  const { t, url } = usePage();
  const texts = t(keySelectionTexts);
  return (
    <>
      <h1>{texts.nothing}</h1>
      <Empty title={texts.nothingHint}>
        <p>
          <a href={withQuery(url, {})}>{texts.back}</a>
        </p>
      </Empty>
    </>
  );
}

/** Which keys it was not done for, and why. */
export function PartlyDone({ done, failures }: { done: number; failures: readonly Failure[] }) {
  const { t, url } = usePage();
  const texts = t(keySelectionTexts);
  return (
    <>
      <h1>{texts.partly(done, failures.length)}</h1>
      <Table label={texts.keys} columns={[t(keyListTexts).columns.key, texts.why]}>
        {failures.map(({ id, message }) => (
          <tr key={id}>
            <th scope="row">
              <a href={`/console/keys/${id}`}>
                <code>{id}</code>
              </a>
            </th>
            <td>{message}</td>
          </tr>
        ))}
      </Table>
      <p>
        <a href={withQuery(url, {})}>{texts.back}</a>
      </p>
    </>
  );
}
