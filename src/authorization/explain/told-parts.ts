import type { CommandQuestion } from '../decision-steps.js';
import type { Told } from './explanation.js';

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
