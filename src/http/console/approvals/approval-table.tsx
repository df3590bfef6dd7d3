import { formatTarget } from '../../../approvals/approval.js';
import type { ApprovalDto } from '../../administration/approvals/approval.dto.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { Empty } from '../components/empty.js';
import { Distance } from '../components/moment.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { approvalsTexts } from './approvals.texts.js';

export function ApprovalTable({ approvals }: { approvals: readonly ApprovalDto[] }) {
  const texts = usePage().t(approvalsTexts);
  if (approvals.length === 0) return <Empty title={texts.empty} />;
  return (
    <Table label={texts.title} columns={Object.values(texts.columns)} stacks>
      {approvals.map((approval) => (
        <ApprovalRow key={approval.approvalId} {...{ approval }} />
      ))}
    </Table>
  );
}

function ApprovalRow({ approval }: { approval: ApprovalDto }) {
  const { t, session } = usePage();
  const texts = t(approvalsTexts);
  const { approvalId, kind, command, change, requestedBy, requestedAt, approvedBy, endsAt } = approval;
  const isOwn = requestedBy === session?.user;
  return (
    <tr>
      <th scope="row">
        {texts.kinds[kind]}
        <br />
        <code lang="en">{`${command} ${formatTarget(change)}`}</code>
      </th>
      <td>{requestedBy || '–'}</td>
      <td>
        <Distance at={requestedAt} />
      </td>
      <td>
        {approvedBy === null ? (
          <Badge tone="warn">{texts.waits}</Badge>
        ) : (
          <Badge tone="good">{texts.approved(approvedBy)}</Badge>
        )}{' '}
        <span class="muted">
          {texts.ends} <Distance at={endsAt} />
        </span>
      </td>
      <td>
        {approvedBy === null && isOwn && <p class="muted">{texts.own}</p>}
        <div class="actions">
          {approvedBy === null && !isOwn && (
            <Answer id={approvalId} verb="approve" text={texts.approve} label={texts.approveOf(approvalId)} />
          )}
          <Answer id={approvalId} verb="reject" text={texts.reject} label={texts.rejectOf(approvalId)} />
        </div>
      </td>
    </tr>
  );
}

interface AnswerProps {
  id: string;
  verb: 'approve' | 'reject';
  text: string;
  label: string;
}

function Answer({ id, verb, text, label }: AnswerProps) {
  return (
    <form method="post" action={`/console/approvals/${id}/${verb}`}>
      <CsrfField />
      <button class={verb === 'approve' ? undefined : 'quiet'} aria-label={label}>
        {text}
      </button>
    </form>
  );
}
