import type { AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import { usePage } from '../page.js';
import { recordTexts } from './record.texts.js';

/** Who it was: what names him, and as what he came. */
export function Actor({ actor }: { actor: AuditEventDto['actor'] }) {
  const texts = usePage().t(recordTexts);
  const { kind = '', accessKeyId, user, sudoUser } = actor;
  const kindText = kind in texts.kinds ? texts.kinds[kind as 'service'] : kind;
  const name = user ?? sudoUser;
  return (
    <>
      {accessKeyId !== undefined && <KeyLink id={accessKeyId} />}
      {name !== undefined && <bdi>{name}</bdi>} <span class="muted">{kindText}</span>
    </>
  );
}

/** An ID that was made up is shown in part, and leads nowhere. */
export function KeyLink({ id }: { id: string }) {
  const code = <code class="nowrap">{id}</code>;
  return <>{/^[A-Za-z0-9]{20}$/.test(id) ? <a href={`/console/keys/${id}`}>{code}</a> : code} </>;
}
