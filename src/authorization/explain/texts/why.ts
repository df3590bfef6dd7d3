import { inGroups } from '../../../text/group-digits.js';

interface Keyed {
  /** Of another key than the one that is asked about: one that made it. Empty: it is its own. */
  maker: string;
}

/** How a role of the key stands to the command. */
export interface RoleTold {
  name: string;
  is: 'granting' | 'not_of_maker' | 'unknown' | 'broken' | 'without_role' | 'for_root_user' | 'not_listing';
  /** Of a broken file. */
  problem: string;
  /** How the nodes' files and the database differ; empty: not at all. */
  difference: string;
}

/** What an argument is held to, and what was sent. */
export interface HeldTold {
  by: 'key' | 'maker' | 'role';
  /** The ID of a maker, the name of a role; empty: the key itself. */
  holder: string;
  argument: string;
  values: readonly string[];
  /** Its places in the command; empty: it has none. */
  at: readonly number[];
  /** What was sent there, an empty text for nothing; without places where no arguments are known. */
  sent: readonly string[];
  /** The command needs no such argument. */
  isSafe: boolean;
}

const places = (numbers: readonly number[]): string => numbers.map(String).join(' and ');

/** Why a step ended as it did, in English. */
export const whyTexts = {
  none: () => '',
  api_off: () => 'access keys are off',
  api_root_user: () => "access keys are on, the root user's",
  api_all_users: () => 'access keys are on, of all users',
  address_every: () => 'every address is let in',
  address_open: () => 'no address was given',
  address_in: ({ address }: { address: string }) => `${address || 'an unknown address'} is let in`,
  address_out: ({ address }: { address: string }) => `${address || 'an unknown address'} is not let in`,
  command_is_name: () => 'a name',
  command_missing: () => 'there is none',
  command_no_name: ({ command }: { command: string }) => `${command} is no name`,
  key_unknown: () => 'there is no such key',
  key_of: ({ user, makers }: { user: string; makers: readonly string[] }) =>
    [`of ${user}`, ...makers.map((id) => `made by key ${id}`)].join(', '),
  secret_strong: () => 'its secret can not be guessed',
  secret_weak_heard: () => 'its secret can be guessed, but the key is not closed to this address',
  secret_weak_closed: () => 'its secret can be guessed, and too many tries failed',
  secret_weak_somewhere: () =>
    'its secret can be guessed, and too many tries failed: the key is accepted only from addresses that used it before',
  secret_assumed: () => 'taken as right: it is not asked for here',
  secret_canary: () => 'the key is a canary: it is answered as a key with a wrong secret',
  key_suspended: () => 'the key is suspended',
  key_not_suspended: () => 'the key is not suspended',
  maker_gone: ({ maker }: Keyed) => `key ${maker}, which made it, is gone`,
  maker_suspended: ({ maker }: Keyed) => `key ${maker}, which made it, is suspended`,
  end_none: () => 'the key has no end',
  end_future: ({ maker, at }: Keyed & { at: string }) => `${keyText(maker)} ends at ${at}`,
  end_past: ({ maker, at }: Keyed & { at: string }) =>
    `${keyText(maker)} ended at ${at || 'once, by --expires now'}`,
  addresses_none: () => 'the key has no addresses of its own',
  addresses_only: (about: Keyed & { addresses: readonly string[]; isOpen: boolean }) => {
    const which = about.maker === '' ? '' : ` (key ${about.maker}, which made it)`;
    return `only from ${about.addresses.join(', ')}${which}${about.isOpen ? ', and no address was given' : ''}`;
  },
  rate_none: () => 'the key has none of its own',
  rate: (about: {
    limits: readonly (Keyed & { limit: string })[];
    isUsedUp: boolean;
    resetSeconds: number;
  }) => {
    const { limits, isUsedUp, resetSeconds } = about;
    const told = limits.map(({ limit, maker }) =>
      maker === '' ? limit : `${limit} together with key ${maker}, which made it`,
    );
    const rest = isUsedUp ? `used up for ${String(resetSeconds)} s` : 'not used up now';
    return `${told.join(', ')}, ${rest}`;
  },
  quota_none: () => 'the key has none',
  quota: (about: { quotas: readonly (Keyed & { used: number; count: number; until: string })[] }) =>
    about.quotas
      .map(({ maker, used, count, until }) => {
        const whose = maker === '' ? '' : `, together with key ${maker}, which made it`;
        return `${inGroups(used, ',')} of ${inGroups(count, ',')} used, until ${until}${whose}`;
      })
      .join('; '),
  command_known: ({ command }: { command: string }) => `${command} is known`,
  command_not_there: () => 'there is no such command',
  command_unknown: ({ command }: { command: string }) => `${command} is not known here`,
  permission_everything: () => 'a key of the root user without permissions may do everything',
  permission_none: () => 'the key has none',
  permission_lost: ({ maker }: Keyed) => `key ${maker}, which made it, no longer has what it has`,
  permission_roles: (about: Keyed & { command: string; roles: readonly RoleTold[] }) =>
    about.roles.map((role) => roleText(role, about.command, about.maker)).join('; '),
  owner_unknown: ({ user }: { user: string }) => `there is no user ${user}`,
  owner_suspended: ({ user }: { user: string }) => `the user ${user} is suspended`,
  owner_active: ({ user }: { user: string }) => `the user ${user} is active`,
  users_root: () => 'it is a key of the root user',
  users_on: () => 'keys of users are on',
  users_off: () => 'keys of users are off, only those of the root user are on',
  argument_not_needed: () => 'the root user needs none',
  argument_of_administrator: () => 'an administrator needs none where a role of ROLE admin has the command',
  argument_is_user: ({ at }: { at: readonly number[] }) => `argument ${places(at)} is USER`,
  argument_safe: () => 'it has none, and is in SAFE',
  argument_not_safe: () => 'it has none, and is in no SAFE line',
  named_anybody: () => 'the root user is held to nobody',
  named_others: () => 'an administrator may name any user but the root user',
  named_none: () => 'there is no USER argument',
  named_open: ({ at, user }: { at: readonly number[]; user: string }) =>
    `argument ${places(at)} must be ${user}, and none was given`,
  named: (about: { at: readonly number[]; user: string; sent: readonly string[] }) =>
    `argument ${places(about.at)} must be ${about.user}, and is ${about.sent.map((one) => one || 'nothing').join(' and ')}`,
  held_none: () => 'the key and its roles hold no arguments to values',
  held: ({ held, isOpen }: { held: readonly HeldTold[]; isOpen: boolean }) => {
    const told = held.map(heldText).join('; ');
    return isOpen ? `${told}; no arguments were given` : told;
  },
  root_open: ({ user }: { user: string }) =>
    `no arguments were given, and they may name the root user ${user}`,
  root_untouched: () =>
    "it doesn't end the root user or an administrator, or change their way in, and makes no administrator",
  root_named: ({ user }: { user: string }) =>
    `it names the root user ${user}, whose things no administrator's key reaches`,
  administrator_way_in: () => 'it ends an administrator, changes its way in, or makes one',
  root_never: ({ user }: { user: string }) =>
    `the root user ${user} can be neither deleted, suspended nor renamed`,
  root_way_in: ({ user }: { user: string }) => `it changes how the root user ${user} gets in`,
  read_only_off: () => 'off',
  read_only_reads: ({ command }: { command: string }) => `on, and ${command} only reads`,
  read_only_changes: ({ command }: { command: string }) => `on, and ${command} changes something`,
};

function heldText({ by, holder, argument, values, at, sent, isSafe }: HeldTold): string {
  const which = { key: 'the key', maker: `key ${holder}, which made it,`, role: `role ${holder}` }[by];
  const held = `${which} holds ${argument} to ${values.join(' or ') || 'nothing'}`;
  if (at.length === 0)
    return `${held}, and the command has no such argument${isSafe ? ', but is in SAFE' : ''}`;
  const is = sent.length === 0 ? '' : `, which is ${sent.map((one) => one || 'nothing').join(' and ')}`;
  return `${held}: argument ${places(at)}${is}`;
}

function keyText(maker: string): string {
  return maker === '' ? 'the key' : `key ${maker}, which made it,`;
}

function roleText({ name, is, problem, difference }: RoleTold, command: string, maker: string): string {
  const text = {
    granting: `${name} lists ${command}`,
    not_of_maker: `${name} is not one of key ${maker}, which made it`,
    unknown: `${name} is no API here`,
    broken: `${name} ${problem}`,
    without_role: `${name} has no ROLE: only for the root user`,
    for_root_user: `${name} has ROLE admin: only for the root user and administrators`,
    not_listing: `${name} does not list ${command}`,
  }[is];
  return difference === '' || text.endsWith(difference) ? text : `${text} (it ${difference})`;
}
