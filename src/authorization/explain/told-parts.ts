import type { CommandQuestion } from '../decision-steps.js';
import type { Told, ToldFrom } from './explanation.js';

type Source = Told['source'];
type Remedy = NonNullable<Told['remedy']>;

export const theRequest: Source = { code: 'request', params: {} };

export function setting(name: string, value = ''): Source {
  return { code: 'setting', params: { name, value } };
}

export function keyField(field: string): Source {
  return { code: 'key_field', params: { field } };
}

export function optionsOf({ name, options }: CommandQuestion['command']): Source {
  return { code: 'command', params: { command: name, options } };
}

/** Each of them alone changes the denial; those that are undefined can not be given. */
export function commands(...all: readonly (string | undefined)[]): Remedy {
  return {
    code: 'commands',
    params: { commands: all.filter((command) => command !== undefined) },
  };
}

/** The files of these roles. */
export function filesOf(names: readonly string[], facts: ToldFrom['facts']): Source {
  return { code: 'files', params: { files: names.map((name) => fileOf(name, facts)) } };
}

/** The API that is built in has none. */
function fileOf(name: string, { findApi, roleFile }: ToldFrom['facts']): string {
  return findApi(name)?.role?.isReadOnlyApi === true ? name : roleFile(name);
}

/** A long text is cut: it may be a secret that was sent in the wrong place. */
export function quoted(text: string): string {
  const shown = text.length > 30 ? `${text.slice(0, 8)}…` : text;
  return /^[\w.@-]+$/.test(shown) ? shown : JSON.stringify(shown);
}
