import { AppError, invalidFormat, notFound, ReturnCode } from '../errors.js';
import type { Actor } from '../audit/audit-event.js';

/**
 * What may have to be approved by a second person:
 * - `unrestricted_key`: a key that may run everything, or whose secret somebody else learns
 * - `admin_role`: a key with a role of administrators, what widens it, or its secret for somebody else
 * - `role_file`: a role file with ROLE='admin' that is made, or grants more
 * - `administrator`: a user who becomes one
 * - `credentials`: the password of an administrator or the root user, or a login link, that somebody else makes
 * - `allow_list`: API_ALLOWED_IP lets everybody in, or a very large range
 * - `restore`, `import`: the state of a copy, or of a tree
 * - `shorter_record`: the audit record is kept for a shorter time, or in less room
 */
export const approvalKinds = [
  ...(['unrestricted_key', 'admin_role', 'role_file', 'administrator', 'credentials'] as const),
  ...(['allow_list', 'restore', 'import', 'shorter_record'] as const),
] as const;

export type ApprovalKind = (typeof approvalKinds)[number];

/** So long a change waits to be approved, and so long it may be made afterwards. */
export const approvalLifeMs = 86_400_000;

export interface Approval {
  /** 16 hexadecimal digits; not secret. */
  id: string;
  kind: ApprovalKind;
  /** Keyed digest of the exact change and of who asked for it; 64 hexadecimal digits. */
  changeHash: string;
  command: string;
  /** What the change makes, as its event will tell it. */
  target: Readonly<Record<string, string>>;
  /** The end of what is made, where it was given as a span; null: none. */
  madeEndsAtMs: number | null | undefined;
  /** The person who asked; empty: settings did, and the first who approves stands for it. */
  requestedBy: string;
  requester: Actor;
  requestedAtMs: number;
  /** Undefined: it waits. */
  approvedBy: string | undefined;
  approver: Actor | undefined;
  endsAtMs: number;
}

/** Such as `user=admin comment="for all"`: no value can look like another member. */
export function formatTarget(target: Approval['target']): string {
  return Object.entries(target)
    .map(([name, value]) => `${name}=${/^[\w.,:/@+*-]+$/.test(value) ? value : JSON.stringify(value)}`)
    .join(' ');
}

const longestTold = 2000;

/** The same for the record, where it has an end. */
export function toldTarget(target: Approval['target']): string {
  const text = formatTarget(target);
  const rest = text.length - longestTold;
  return rest > 0 ? `${text.slice(0, longestTold)}… (${String(rest)} more characters)` : text;
}

const idPattern = /^[0-9a-f]{16}$/;

/** @throws AppError 2 */
export function parseApprovalId(text: string): string {
  if (!idPattern.test(text)) throw invalidFormat('approval', text);
  return text;
}

export function noSuchApproval(id: string): AppError {
  return notFound(`approval ${id}`);
}

/** A change that has to be approved by somebody else before it counts. */
export class ApprovalRequired extends AppError {
  constructor(readonly approvalId: string) {
    super(
      ReturnCode.FORBIDDEN,
      `a second person has to approve this change: v-approve-change ${approvalId}. Then run the same again, within 24 hours`,
    );
  }
}
