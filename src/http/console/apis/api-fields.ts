import { createHash } from 'node:crypto';
import type { ApiDto, ApiInput } from '../../administration/apis/api.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import type { FormFields } from '../form-fields.js';

/** What the editor has in it, as it was entered. */
export interface ApiFields {
  name: string;
  /** A client whose ready-made role is wanted; empty: none. */
  from: string;
  role: string;
  commands: readonly string[];
  safe: readonly string[];
  only: readonly string[];
}

export const emptyApi: ApiFields = { name: '', from: '', role: '', commands: [], safe: [], only: [] };

export function readApiFields(form: FormFields): ApiFields {
  const commands = [...form.all('commands'), ...form.list('further')];
  return {
    ...{ name: form.text('name'), from: form.text('from'), role: form.text('role') },
    ...{ commands: [...new Set(commands)], safe: form.all('safe'), only: form.lines('only') },
  };
}

export function fieldsOfApi({ name, role, commands, safe, only }: ApiDto): ApiFields {
  return { name, from: '', role: role ?? '', commands: [...new Set(commands)], safe, only: only ?? [] };
}

type PlainApi = Pick<ApiInput, 'role' | 'commands' | 'safe' | 'only'>;

/**
 * @param isBroken - the file that is there can't be read, so nobody was shown what it holds arguments to
 * @throws ApiProblem where it is not said whose keys it is for
 */
export function apiInput(
  { role, commands, safe, only }: ApiFields,
  chooseRole: string,
  isBroken = false,
): PlainApi {
  if (role !== 'user' && role !== 'admin') throw ApiProblem.ofField('role', chooseRole);
  // A mark without its command says nothing.
  return {
    ...{ role, commands: [...commands], safe: safe.filter((command) => commands.includes(command)) },
    ...(only.length > 0 ? { only: [...only] } : !isBroken && { only: null }),
  };
}

/** What puts a role back as it was. Undefined: its file was broken, or named no ROLE, which REST v1 can not write. */
export function contentOfApi({ role, commands, safe, only, problem }: ApiDto): PlainApi | undefined {
  return problem === null && role !== null ? { role, commands, safe, only } : undefined;
}

/** By which a form knows whether what it saves is what was previewed. */
export function digestOf(input: PlainApi): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url').slice(0, 22);
}
