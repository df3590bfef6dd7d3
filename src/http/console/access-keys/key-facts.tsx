import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { QuotaStateDto } from '../../administration/usage/key-usage.dto.js';
import { formatQuotaEnd } from '../../../keys/limits/quota-period.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import { Badge } from '../components/badge.js';
import { Distance, Moment } from '../components/moment.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { keyPageTexts } from './key-page.texts.js';

interface KeyFactListProps {
  accessKey: AccessKeyDto;
  quotas: readonly QuotaStateDto[];
  apis: readonly ApiDto[];
}

/** What a key is: names and values. */
export function KeyFactList({ accessKey, quotas, apis }: KeyFactListProps) {
  const { t, session } = usePage();
  const texts = t(keyPageTexts);
  const { facts } = texts;
  const { user, comment, allowedAddresses, rateLimit, only, expiresAt, createdAt, madeBy, lastUse } =
    accessKey;
  return (
    <dl class="facts">
      <dt>{facts.user}</dt>
      <dd>{session?.isRootUser === true ? <a href={`/console/users/${user}`}>{user}</a> : user}</dd>
      <dt>{facts.comment}</dt>
      <dd>{comment === '' ? <span class="muted">–</span> : <bdi>{comment}</bdi>}</dd>
      <dt>{facts.roles}</dt>
      <dd>
        <Roles accessKey={accessKey} apis={apis} />
      </dd>
      <dt>{facts.addresses}</dt>
      <dd>{allowedAddresses?.join(', ') ?? texts.anyAddress}</dd>
      <dt>{facts.rateLimit}</dt>
      <dd>{rateLimit ?? texts.noRateLimit}</dd>
      <Quotas of={accessKey.accessKeyId} quotas={quotas} />
      {only !== null && <Only only={only} />}
      <dt>{facts.end}</dt>
      <dd>{expiresAt === null ? texts.neverEnds : <Both at={expiresAt} />}</dd>
      {accessKey.oldSecretValidUntil !== null && (
        <>
          <dt>{facts.oldSecret}</dt>
          <dd>
            <Both at={accessKey.oldSecretValidUntil} />
          </dd>
        </>
      )}
      <dt>{facts.created}</dt>
      <dd>
        <Moment at={createdAt} />
      </dd>
      {madeBy !== null && (
        <>
          <dt>{facts.madeBy}</dt>
          <dd>
            <a href={`/console/keys/${madeBy}`}>
              <code>{madeBy}</code>
            </a>{' '}
            <span class="muted">{texts.madeByHint}</span>
          </dd>
        </>
      )}
      <dt>{facts.lastUse}</dt>
      <dd>
        {lastUse === null ? (
          texts.neverUsed
        ) : (
          <>
            <Both at={lastUse.at} /> {texts.lastUse(lastUse.command, lastUse.clientAddress)}
          </>
        )}
      </dd>
    </dl>
  );
}

function Quotas({ of, quotas }: { of: string; quotas: readonly QuotaStateDto[] }) {
  const texts = usePage().t(keyPageTexts);
  const told = quotas.map(({ accessKeyId, quota, used, endsAt }) => (
    <li key={accessKeyId}>
      {texts.used(String(used), quota, formatQuotaEnd(Date.parse(endsAt)))}
      {accessKeyId !== of && (
        <>
          , {texts.ofMaker} <code>{accessKeyId}</code>
        </>
      )}
    </li>
  ));
  return (
    <>
      <dt>{texts.facts.quota}</dt>
      <dd>{told.length === 0 ? texts.noQuota : <ul class="plain">{told}</ul>}</dd>
    </>
  );
}

function Only({ only }: { only: readonly string[] }) {
  const { facts } = usePage().t(keyPageTexts);
  return (
    <>
      <dt>{facts.only}</dt>
      <dd>
        <code>{only.join(' ')}</code>
      </dd>
    </>
  );
}

function Both({ at }: { at: string }) {
  return (
    <>
      <Moment at={at} /> (<Distance at={at} />)
    </>
  );
}

function Roles({ accessKey: { permissions }, apis }: { accessKey: AccessKeyDto; apis: readonly ApiDto[] }) {
  const { t, session } = usePage();
  const texts = t(keyPageTexts);
  if (permissions.length === 0) return <strong>{t(layoutTexts).everything}</strong>;
  return (
    <ul class="plain">
      {permissions.map((name) => {
        const api = apis.find((one) => one.name === name);
        return (
          <li key={name}>
            {session?.isRootUser === true && api !== undefined ? (
              <a href={`/console/apis/${name}`}>{name}</a>
            ) : (
              name
            )}{' '}
            {api === undefined && <Badge tone="bad">{texts.missingRole}</Badge>}
            {api !== undefined && api.problem !== null && <Badge tone="bad">{texts.brokenRole}</Badge>}
          </li>
        );
      })}
    </ul>
  );
}
