import { formatHeld, type HeldArguments } from '../catalogue/held-arguments.js';
import { AppError, ReturnCode } from '../errors.js';
import type { Present } from './present-role.js';
import { formatRoleFile, parseRoleFile, type ApiRole } from './role-file.js';

export interface NewApi {
  name: string;
  role: ApiRole;
  commands: readonly string[];
  safe: readonly string[];
  /** Null: their arguments are not held. Absent: what a present file says stays. */
  only?: HeldArguments | null;
}

/** A role file as a command wants it; null: gone. */
export interface WantedRole {
  name: string;
  text: string | null;
  /** For the audit. */
  target: Record<string, string>;
  /** It comes from another installation. */
  isTakenOver?: boolean;
}

/** @throws AppError 12 where the present file can't be read, and what it holds arguments to is to stay */
export function wantedFile(api: NewApi, present?: Present): WantedRole {
  const { name, role, commands, safe } = api;
  const only = wantedOnly(api, present);
  return {
    name,
    text: formatRoleFile(role, commands, safe, only),
    target: targetOf({ name, role, commands, safe, only }),
  };
}

/** @throws AppError 12: without its ONLY line a file grants more */
export function wantedOnly(
  { name, only }: Pick<NewApi, 'name' | 'only'>,
  present?: Present,
): HeldArguments | undefined {
  if (only !== undefined) return only ?? undefined;
  if (present === undefined || present.role !== undefined) return present?.role?.only;
  throw new AppError(
    ReturnCode.PARSING,
    `the file of API ${name} can't be read: say what arguments are held to (ONLY), or none`,
  );
}

/** A role file as it is elsewhere; throws RoleFileError for one that is none. */
export function wantedText(name: string, text: string): WantedRole {
  const { role = '', commands, safe, only } = parseRoleFile(text);
  return { name, text, target: targetOf({ name, role, commands: [...commands], safe: [...safe], only }) };
}

function targetOf({
  name,
  role,
  commands,
  safe,
  only,
}: Omit<NewApi, 'role' | 'only'> & {
  role: string;
  only: HeldArguments | undefined;
}): Record<string, string> {
  return {
    ...{ api: name, role, commands: commands.join(',') },
    ...(safe.length > 0 && { safe: safe.join(',') }),
    ...(only !== undefined && { only: formatHeld(only) }),
  };
}
