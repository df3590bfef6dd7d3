import { keyResource } from '../access-keys/key-paths.js';
import type { remedyTexts } from '../../../authorization/explain/texts/source-and-remedy.js';
import type { ExplanationDto } from '../../administration/insight/insight.dto.js';
import type { MessageDto } from '../../administration/insight/told-step.dto.js';

/** What a page can do about a denial, and the request to REST v1 that does it. */
export interface Remedy {
  kind: RemedyKind;
  /** What it is done to: an address, a key, a user, the roles. */
  subject: string;
  method: 'POST' | 'PATCH';
  path: string;
  body: object;
}

export type RemedyKind =
  | ('allowAddress' | 'switchOnForRoot' | 'switchOnForAll' | 'unsuspendKey')
  | ('unsuspendUser' | 'setRoles' | 'setAddresses' | 'setEnd');

type Making = (...values: string[]) => Remedy;

/** By the command that the explanation names: such a command can be pasted as it stands (explanation.ts). */
const makings: readonly [RegExp, Making][] = [
  [
    /^v-add-sys-api-ip (\S+)$/,
    (address = '') => ({
      ...{ kind: 'allowAddress', subject: address },
      ...{ method: 'POST', path: '/v1/allowed-ips', body: { address } },
    }),
  ],
  [/^v-change-sys-api enable api$/, () => setting('switchOnForRoot', { accessKeyApi: 'root_user' })],
  [
    /^v-change-sys-config-value API_SYSTEM 2$/,
    () => setting('switchOnForAll', { accessKeyApi: 'all_users' }),
  ],
  [
    /^v-unsuspend-access-key (\w+)$/,
    (id = '') => ({
      ...{ kind: 'unsuspendKey', subject: id },
      ...{ method: 'POST', path: `${keyResource(id)}/unsuspend`, body: {} },
    }),
  ],
  [
    /^v-unsuspend-user (\S+)$/,
    (user = '') => ({
      ...{ kind: 'unsuspendUser', subject: user },
      ...{ method: 'POST', path: `/v1/users/${encodeURIComponent(user)}/unsuspend`, body: {} },
    }),
  ],
  [
    /^v-change-access-key (\w+) PERMISSIONS (\S+)$/,
    (id = '', roles = '') => change('setRoles', id, roles, { permissions: roles.split(',') }),
  ],
  [
    /^v-change-access-key (\w+) --allow-ip (\S+)$/,
    (id = '', list = '') =>
      change('setAddresses', id, list, { allowedAddresses: list === 'any' ? null : list.split(',') }),
  ],
  [
    /^v-change-access-key (\w+) --expires (\S+)$/,
    (id = '', life = '') => change('setEnd', id, life, { expiresIn: life }),
  ],
];

function setting(kind: RemedyKind, body: object): Remedy {
  return { kind, subject: '', method: 'PATCH', path: '/v1/settings', body };
}

function change(kind: RemedyKind, id: string, subject: string, body: object): Remedy {
  return { kind, subject, method: 'PATCH', path: keyResource(id), body };
}

/**
 * What would remove the denial in one step.
 *
 * @param message - the remedy of a step; where it names several commands, the first counts
 * @returns undefined where there is nothing that a button could do
 */
export function readRemedy({ code, params }: MessageDto): Remedy | undefined {
  if (code !== 'commands') return undefined;
  const [command = ''] = (params as RemedyParams).commands;
  for (const [pattern, make] of makings) {
    const found = pattern.exec(command);
    if (found !== null) return make(...found.slice(1));
  }
  return undefined;
}

type RemedyParams = Parameters<typeof remedyTexts.commands>[0];

/** Of the step that denies, which the others stand behind. */
export function remedyOf({ steps }: ExplanationDto): { text: string; remedy: Remedy } | undefined {
  const { remedy: text = null, told } = steps.find(({ state }) => state === 'denied') ?? {};
  const message = told?.remedy ?? null;
  const remedy = message === null ? undefined : readRemedy(message);
  return remedy && text !== null ? { text, remedy } : undefined;
}
