import { formatAddressRange } from '../addresses/address-range.js';
import { formatEnd, maxAddresses } from '../keys/key-limits.js';
import { formatRateLimit } from '../keys/rate-limit.js';
import { printable } from './access-request.js';
import type { KeyFacts } from './decision-facts.js';
import type { CommandQuestion, StepName } from './decision-steps.js';
import { tellPermission, tellUserArgument } from './explain-permission.js';
import type { StepState, Told, ToldFrom } from './explanation.js';

export function tellStep(step: StepName, state: StepState, from: ToldFrom): Told {
  const { why, source, remedy } = tellers[step](from, state);
  return { why, source, ...(state === 'denied' && remedy !== undefined && { remedy }) };
}

type Teller = (from: ToldFrom, state: StepState) => Told;

/** Of a key that is there. */
function ofKey(tell: (key: KeyFacts, from: ToldFrom, state: StepState) => Told): Teller {
  return (from, state) => (from.key === undefined ? { why: '', source: '-' } : tell(from.key, from, state));
}

function ofCommand(tell: (question: CommandQuestion, from: ToldFrom, state: StepState) => Told): Teller {
  return (from, state) =>
    from.question === undefined ? { why: '', source: '-' } : tell(from.question, from, state);
}

const apiSystemValues = { off: '0', root_user: '1', all_users: '2' } as const;
const apiSystemMeans = {
  off: 'access keys are off',
  root_user: "access keys are on, the root user's",
  all_users: 'access keys are on, of all users',
} as const;

const tellers: Record<StepName, Teller> = {
  api: ({ facts: { settings, key, rootUser } }) => ({
    why: apiSystemMeans[settings.apiSystem],
    source: `API_SYSTEM ${apiSystemValues[settings.apiSystem]}`,
    remedy:
      key === undefined || key.user === rootUser
        ? 'v-change-sys-api enable api'
        : 'v-change-sys-config-value API_SYSTEM 2',
  }),
  address: ({ asked: { client } }, state) => ({
    why:
      client === undefined
        ? 'no address was given'
        : `${client.text || 'an unknown address'} is ${state === 'ok' ? '' : 'not '}let in`,
    source: 'API_ALLOWED_IP',
    remedy: letIn(client?.text) ?? notAnAddress,
  }),
  'command name': ({ request: { command } }, state) => ({
    why: state === 'ok' ? 'a name' : command === '' ? 'there is none' : `${quoted(command)} is no name`,
    source: 'the request',
    remedy: 'another command (v-list-commands)',
  }),
  key: ({ key, asked }) => ({
    why: key === undefined ? 'there is no such key' : `of ${key.user}`,
    source: `access key ${asked.accessKeyId}`,
    remedy: 'another key (v-list-access-keys), or a new one (v-add-access-key --help)',
  }),
  'weak secret': ofKey(({ id }, { asked, facts: { weakSecret } }) => ({
    why: weakSecret === undefined ? 'its secret can not be guessed' : weakSecretMeans[weakSecret],
    source: 'failed attempts',
    remedy: [`v-rotate-access-key ${id}`, letIn(asked.client?.text)]
      .filter((command) => command !== undefined)
      .join(', or '),
  })),
  secret: () => ({ why: 'taken as right: it is not asked for here', source: 'the request' }),
  suspension: ofKey(({ id, isSuspended }) => ({
    why: isSuspended ? 'the key is suspended' : 'the key is not suspended',
    source: 'the key: suspended',
    remedy: `v-unsuspend-access-key ${id}`,
  })),
  expiry: ofKey(({ id, expiresAtMs }, { facts }, state) => ({
    why:
      expiresAtMs === undefined
        ? 'the key has no end'
        : `the key ${state === 'ok' ? 'ends' : 'ended'} at ${formatEnd(expiresAtMs).replace('ended', 'once, by --expires now')}`,
    source: 'the key: --expires',
    remedy: `v-change-access-key ${id} --expires ${facts.suggestedLife}`,
  })),
  'key addresses': ofKey(({ id, allowedAddresses }, { asked: { client } }, state) => {
    const list = allowedAddresses?.map(formatAddressRange) ?? [];
    const only = `only from ${list.join(', ')}`;
    return {
      why: allowedAddresses === undefined ? 'the key has no addresses of its own' : only,
      source: 'the key: --allow-ip',
      remedy:
        (client?.address === undefined && state === 'denied') || list.length >= maxAddresses
          ? `v-change-access-key ${id} --allow-ip any`
          : `v-change-access-key ${id} --allow-ip ${[...list, client?.text ?? ''].join(',')}`,
    };
  }),
  'rate limit': ofKey(({ id, rateLimit }, { facts: { rate } }, state) => {
    if (rateLimit === undefined || rate === undefined)
      return { why: 'the key has none of its own', source: 'the key: --rate-limit' };
    const rest = state === 'ok' ? 'not used up now' : `used up for ${String(rate.resetSeconds)} s`;
    return {
      why: `${formatRateLimit(rateLimit)}, ${rest}`,
      source: 'the key: --rate-limit',
      remedy: `to wait, or v-change-access-key ${id} --rate-limit none`,
    };
  }),
  command: ({ request: { command } }, state) => ({
    why: `${quoted(command)} is ${state === 'ok' ? 'known' : 'not known here'}`,
    source: 'v-list-commands',
    remedy: 'another command (v-list-commands)',
  }),
  permission: ofCommand(tellPermission),
  owner: ofCommand(({ key: { user } }, { facts: { owner } }) => ({
    why:
      owner === undefined
        ? `there is no user ${user}`
        : `the user ${user} is ${owner.isSuspended ? 'suspended' : 'active'}`,
    source: `user ${user}`,
    remedy: owner === undefined ? `a user ${user} (v-add-user --help)` : `v-unsuspend-user ${user}`,
  })),
  'api for users': ofCommand(({ isRootUser }, { facts: { settings } }, state) => ({
    why: isRootUser
      ? 'it is a key of the root user'
      : `keys of users are ${state === 'ok' ? 'on' : 'off, only those of the root user are on'}`,
    source: `API_SYSTEM ${apiSystemValues[settings.apiSystem]}`,
    remedy: 'v-change-sys-config-value API_SYSTEM 2',
  })),
  'user argument': ofCommand(tellUserArgument),
  'user named': ofCommand(tellUserNamed),
  'read-only mode': ofCommand(({ command }, { facts: { settings } }) => ({
    why: settings.isReadOnly
      ? `on, and ${command.name} ${command.onlyReads ? 'only reads' : 'changes something'}`
      : 'off',
    source: `DEMO_MODE ${settings.isReadOnly ? 'yes' : 'no'}`,
    remedy: 'v-change-sys-config-value DEMO_MODE no',
  })),
};

const notAnAddress = "the client's own address in API_ALLOWED_IP";

/** Undefined for what is no address, and for one that stands for all of them in the list. */
function letIn(text = ''): string | undefined {
  return text === '' || text === '0.0.0.0' ? undefined : `v-add-sys-api-ip ${text}`;
}

const weakSecretMeans = {
  heard: 'its secret can be guessed, but the key is not closed to this address',
  closed: 'its secret can be guessed, and too many tries failed',
  somewhere:
    'its secret can be guessed, too many tries failed: heard only from addresses that it is known from',
} as const;

function tellUserNamed({ key, isRootUser, command }: CommandQuestion, { asked }: ToldFrom): Told {
  const source = `${command.name}: ${command.options || 'no arguments'}`;
  if (isRootUser) return { why: 'the root user is held to nobody', source };
  const places = command.userPositions.map(String).join(' and ');
  if (places === '') return { why: 'there is no USER argument', source };
  const wanted = `argument ${places} must be ${key.user}`;
  if (asked.args === undefined) return { why: `no arguments were given; ${wanted}`, source };
  const sent = command.userPositions.map((place) => {
    const arg = asked.args?.[place - 1];
    return arg === undefined ? 'nothing' : quoted(arg);
  });
  return { why: `${wanted}, and is ${sent.join(' and ')}`, source, remedy: wanted.replace('must be', 'as') };
}

function quoted(text: string): string {
  const shown = printable(text);
  return /^[\w.@-]+$/.test(shown) ? shown : JSON.stringify(shown);
}
