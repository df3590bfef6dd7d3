import { formatAddressRange } from '../../network/address-range.js';
import { formatEnd, isExpired, letsIn, maxAddresses } from '../../keys/limits/key-limits.js';
import { formatRateLimit } from '../../keys/limits/rate-limit.js';
import { rootUserRule } from '../../users/root-user.js';
import type { KeyFacts } from '../facts/decision-facts.js';
import type { CommandQuestion, StepName } from '../decision-steps.js';
import { tellPermission, tellUserArgument } from './explain-permission.js';
import type { StepState, Told, ToldFrom } from './explanation.js';

export function tellStep(step: StepName, state: StepState, from: ToldFrom): Told {
  const { why: said, source, remedy } = tellers[step](from, state);
  const why = state === 'not asked' ? `${said}: the verdict depends on it` : said;
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
        ? state === 'ok'
          ? 'every address is let in'
          : 'no address was given'
        : `${client.text || 'an unknown address'} is ${state === 'ok' ? '' : 'not '}let in`,
    source: 'API_ALLOWED_IP',
    remedy: letIn(client?.text) ?? notAnAddress,
  }),
  'command name': ({ request: { command } }, state) => ({
    why: state === 'ok' ? 'a name' : command === '' ? 'there is none' : `${quoted(command)} is no name`,
    source: 'the request',
    remedy: 'another command (v-list-commands)',
  }),
  key: ({ key, asked, facts: { makers = [] } }) => ({
    why:
      key === undefined
        ? 'there is no such key'
        : [`of ${key.user}`, ...makers.map(({ id }) => `made by key ${id}`)].join(', '),
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
  suspension: ofKey(({ id, isSuspended }, { facts: { makers = [] } }) => {
    const maker = isSuspended ? undefined : makers.find((each) => each.isSuspended);
    if (maker === undefined)
      return {
        why: isSuspended ? 'the key is suspended' : 'the key is not suspended',
        source: 'the key: suspended',
        remedy: `v-unsuspend-access-key ${id}`,
      };
    const adopt = `v-change-access-key ${id} --adopt`;
    return {
      why: `key ${maker.id}, which made it, is ${maker.isGone === true ? 'gone' : 'suspended'}`,
      source: 'the key: MADE_BY',
      remedy: maker.isGone === true ? adopt : `v-unsuspend-access-key ${maker.id}, or ${adopt}`,
    };
  }),
  expiry: ofKey((key, { facts: { makers = [], nowMs, suggestedLife } }, state) => {
    const { id, expiresAtMs } = [key, ...makers].find((each) => isExpired(each, nowMs)) ?? key;
    const which = id === key.id ? 'the key' : `key ${id}, which made it,`;
    return {
      why:
        expiresAtMs === undefined
          ? 'the key has no end'
          : `${which} ${state === 'ok' ? 'ends' : 'ended'} at ${formatEnd(expiresAtMs).replace('ended', 'once, by --expires now')}`,
      source: id === key.id ? 'the key: --expires' : 'the key: MADE_BY',
      remedy: `v-change-access-key ${id} --expires ${suggestedLife}`,
    };
  }),
  'key addresses': ofKey((key, { asked: { client }, facts: { makers = [] } }, state) => {
    const refusing = [key, ...makers].find((each) => !letsIn(each, client?.address));
    const { id, allowedAddresses } = state !== 'ok' && refusing !== undefined ? refusing : key;
    const list = allowedAddresses?.map(formatAddressRange) ?? [];
    const which = id === key.id ? '' : ` (key ${id}, which made it)`;
    const open = client === undefined && state === 'not asked' ? ', and no address was given' : '';
    const only = `only from ${list.join(', ')}${which}${open}`;
    return {
      why: allowedAddresses === undefined ? 'the key has no addresses of its own' : only,
      source: id === key.id ? 'the key: --allow-ip' : 'the key: MADE_BY',
      remedy:
        (client?.address === undefined && state === 'denied') || list.length >= maxAddresses
          ? `v-change-access-key ${id} --allow-ip any`
          : `v-change-access-key ${id} --allow-ip ${[...list, client?.text ?? ''].join(',')}`,
    };
  }),
  'rate limit': ofKey((key, { facts: { rate, makers = [] } }, state) => {
    const limited = [key, ...makers].filter(({ rateLimit }) => rateLimit !== undefined);
    if (limited.length === 0 || rate === undefined)
      return { why: 'the key has none of its own', source: 'the key: --rate-limit' };
    const told = limited.map(({ id, rateLimit }) => {
      const text = rateLimit === undefined ? '' : formatRateLimit(rateLimit);
      return id === key.id ? text : `${text} together with key ${id}, which made it`;
    });
    const rest = state === 'ok' ? 'not used up now' : `used up for ${String(rate.resetSeconds)} s`;
    return {
      why: `${told.join(', ')}, ${rest}`,
      source: 'the key: --rate-limit',
      remedy: `to wait, or v-change-access-key ${limited[0]?.id ?? key.id} --rate-limit none`,
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
  'root user': ofCommand(tellRootUser),
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
  if (asked.args === undefined) return { why: `${wanted}, and none was given`, source };
  const sent = command.userPositions.map((place) => {
    const arg = asked.args?.[place - 1];
    return arg === undefined ? 'nothing' : quoted(arg);
  });
  return { why: `${wanted}, and is ${sent.join(' and ')}`, source, remedy: wanted.replace('must be', 'as') };
}

function tellRootUser(
  { command }: CommandQuestion,
  { asked, facts: { rootUser } }: ToldFrom,
  state: StepState,
): Told {
  const source = `${command.name}: ${command.options || 'no arguments'}`;
  if (state === 'not asked')
    return { why: `no arguments were given, and they may name the root user ${rootUser}`, source };
  const rule = rootUserRule(command.name, asked.args ?? [], rootUser);
  if (rule === undefined) return { why: "it doesn't end the root user, or change its way in", source };
  if (rule === 'never') {
    const why = `the root user ${rootUser} can be neither deleted, suspended nor renamed`;
    return { why, source, remedy: 'another user as the argument' };
  }
  const why = `it changes how the root user ${rootUser} gets in`;
  return { why, source, remedy: 'a key of the root user without permissions and limits' };
}

/** A long text is cut: it may be a secret that was sent in the wrong place. */
function quoted(text: string): string {
  const shown = text.length > 30 ? `${text.slice(0, 8)}…` : text;
  return /^[\w.@-]+$/.test(shown) ? shown : JSON.stringify(shown);
}
