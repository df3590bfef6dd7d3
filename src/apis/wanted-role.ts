import { formatRoleFile, parseRoleFile, type ApiRole } from './role-file.js';

export interface NewApi {
  name: string;
  role: ApiRole;
  commands: readonly string[];
  safe: readonly string[];
}

/** A role file as a command wants it; null: gone. */
export interface WantedRole {
  name: string;
  text: string | null;
  /** For the audit. */
  target: Record<string, string>;
}

export function wantedFile({ name, role, commands, safe }: NewApi): WantedRole {
  const target = { api: name, role, commands: commands.join(',') };
  return {
    name,
    text: formatRoleFile(role, commands, safe),
    target: safe.length > 0 ? { ...target, safe: safe.join(',') } : target,
  };
}

/** A role file as it is elsewhere; throws RoleFileError for one that is none. */
export function wantedText(name: string, text: string): WantedRole {
  const { role = '', commands, safe } = parseRoleFile(text);
  const target = { api: name, role, commands: [...commands].join(',') };
  return { name, text, target: safe.size > 0 ? { ...target, safe: [...safe].join(',') } : target };
}
