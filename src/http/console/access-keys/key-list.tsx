import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import { Badge, type Tone } from '../components/badge.js';
import { Empty } from '../components/empty.js';
import { Distance } from '../components/moment.js';
import { CsrfField } from '../components/csrf-field.js';
import { Pager, withQuery } from '../components/pager.js';
import { usePage } from '../page.js';
import { layoutTexts } from '../layout/texts.js';
import { leakPath } from '../leaks/leak-page.js';
import { leakTexts } from '../leaks/leak.texts.js';
import { KeyFilters } from './key-filters.js';
import { keyListTexts } from './key-list.texts.js';

export const stateTones: Readonly<Record<AccessKeyDto['state'], Tone>> = {
  active: 'good',
  suspended: 'bad',
  expired: 'plain',
};

/** A page of access keys, with what narrows the list. */
export function KeyList({ keys: { items, next } }: { keys: AccessKeyPageDto }) {
  const { t, url, session } = usePage();
  const texts = t(keyListTexts);
  const isNarrowed = [...url.searchParams.keys()].some((name) => !['done', 'undo'].includes(name));
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        <p class="actions">
          {session?.isRootUser === true && <a href={leakPath}>{t(leakTexts).link}</a>}
          <a class="button primary" href="/console/keys/new" data-key="n">
            {texts.newKey}
          </a>
        </p>
      </div>
      <KeyFilters />
      <div data-results>
        {items.length > 0 && <KeySelection items={items} />}
        {items.length === 0 && isNarrowed && (
          <Empty title={texts.noMatch}>
            <p>
              <a href={url.pathname}>{t(layoutTexts).clear}</a>
            </p>
          </Empty>
        )}
        {items.length === 0 && !isNarrowed && (
          <Empty title={texts.empty}>
            <p>{texts.emptyHint}</p>
          </Empty>
        )}
        <Pager next={next} />
      </div>
    </>
  );
}

/** The same filters; every page of the list. */
function csvPath(url: URL): string {
  const query = new URLSearchParams(url.searchParams);
  for (const name of ['cursor', 'done', 'undo']) query.delete(name);
  return `/console/keys.csv?${query.toString()}`;
}

/** The table as a form: what is to be done with several keys is asked once more. */
function KeySelection({ items }: { items: readonly AccessKeyDto[] }) {
  const { t, url } = usePage();
  const texts = t(keyListTexts);
  return (
    <form method="post" action={withQuery(url, {})}>
      <CsrfField />
      <KeyTable items={items} />
      <p class="actions under-table">
        <span>{texts.withSelected}</span>
        <button class="quiet" name="action" value="suspend">
          {texts.suspend}
        </button>
        <button class="quiet" name="action" value="delete">
          {texts.delete}
        </button>
        <a class="aside" href={csvPath(url)} download>
          {texts.csv}
        </a>
      </p>
    </form>
  );
}

function KeyTable({ items }: { items: readonly AccessKeyDto[] }) {
  const { columns, selectAll } = usePage().t(keyListTexts);
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={columns.key}>
      <table>
        <thead>
          <tr>
            <td class="pick">
              <label class="needs-script">
                <input type="checkbox" data-all="key" />
                <span class="hidden">{selectAll}</span>
              </label>
            </td>
            {Object.entries(columns).map(([name, text]) => (
              <th key={name} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((key) => (
            <KeyRow key={key.accessKeyId} accessKey={key} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyRow({ accessKey }: { accessKey: AccessKeyDto }) {
  const { t, session } = usePage();
  const texts = t(keyListTexts);
  const { everything } = t(layoutTexts);
  const { accessKeyId, user, permissions, comment, state, lastUse, expiresAt } = accessKey;
  return (
    <tr>
      <td class="pick">
        <label>
          <input type="checkbox" name="key" value={accessKeyId} />
          <span class="hidden">{texts.select(accessKeyId)}</span>
        </label>
      </td>
      <th scope="row">
        <a href={`/console/keys/${accessKeyId}`}>
          <code class="nowrap">{accessKeyId}</code>
        </a>
        {comment !== '' && <bdi class="muted">{comment}</bdi>}
      </th>
      <td>{session?.isRootUser === true ? <a href={`/console/users/${user}`}>{user}</a> : user}</td>
      <td>{permissions.length === 0 ? <strong>{everything}</strong> : permissions.join(', ')}</td>
      <td>
        <Badge tone={stateTones[state]}>{texts.states[state]}</Badge>
        {accessKey.isCanary === true && <Badge tone="warn">{texts.canary}</Badge>}
        {accessKey.isWeak && <Badge tone="warn">{texts.weak}</Badge>}
        {accessKey.oldSecretValidUntil !== null && <Badge tone="warn">{texts.overlap}</Badge>}
      </td>
      <td>
        {lastUse === null ? (
          <span class="muted">{texts.neverUsed}</span>
        ) : (
          <>
            <Distance at={lastUse.at} /> <span class="muted">{texts.lastUse(lastUse.clientAddress)}</span>
          </>
        )}
      </td>
      <td>
        {expiresAt === null ? <span class="muted">{texts.neverEnds}</span> : <Distance at={expiresAt} />}
      </td>
      <td>
        <Limits accessKey={accessKey} />
      </td>
    </tr>
  );
}

function Limits({ accessKey: { allowedAddresses, rateLimit, quota, only } }: { accessKey: AccessKeyDto }) {
  const texts = usePage().t(keyListTexts);
  const addresses = allowedAddresses === null ? texts.fromAnywhere : texts.addresses(allowedAddresses.length);
  return (
    <>
      <span title={allowedAddresses?.join(', ')}>{addresses}</span>
      {rateLimit !== null && <span class="muted"> {rateLimit}</span>}
      {quota !== null && <span class="muted"> {quota}</span>}
      {only !== null && <span class="muted"> {only.join(' ')}</span>}
    </>
  );
}
