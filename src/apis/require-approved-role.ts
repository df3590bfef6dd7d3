import { isNoWiderHeld } from '../catalogue/held-arguments.js';
import type { ChangeOrigin } from '../audit/audit-event.js';
import type { Change } from '../storage/changes.js';
import type { Present } from './present-role.js';
import { parseRoleFile, type RoleFile } from './role-file.js';
import type { WantedRole } from './wanted-role.js';

/**
 * Lets a second person approve a role file that grants more than before, where it is not for every user, lets keys of
 * users run commands that are about nobody (SAFE), or a key of the root user has it.
 *
 * @throws AppError 10
 */
export async function requireApprovedRole(
  change: Change,
  present: Present,
  { name, text, target, isTakenOver = false }: WantedRole,
  origin: ChangeOrigin,
): Promise<void> {
  // A tree that is imported is approved as a whole.
  if (!change.needsApproval || text === null || isTakenOver) return;
  const wanted = parseRoleFile(text);
  const before = present?.role;
  if (grantsNoMore(wanted, before)) return;
  const isForUsers = wanted.role === 'user' && (before === undefined || before.role === 'user');
  const onlyForRoot = isForUsers && isWithin(wanted.safe, before?.safe);
  const widening = { kind: 'role_file', origin, target, exact: [name, text] };
  await change.requireApproved({ ...widening, ...(onlyForRoot && { role: name }) });
}

function grantsNoMore(wanted: RoleFile, before: RoleFile | undefined): boolean {
  if (before === undefined) return false;
  if (wanted.role !== before.role) return false;
  if (!isWithin(wanted.commands, before.commands) || !isWithin(wanted.safe, before.safe)) return false;
  return isNoWiderHeld(wanted.only, before.only);
}

function isWithin(commands: ReadonlySet<string>, before: ReadonlySet<string> = new Set()): boolean {
  return [...commands].every((command) => before.has(command));
}
