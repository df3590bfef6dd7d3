import { namesUser, protectionRule } from '../../users/protected-users.js';
import { namesRootUser } from '../named-users.js';
import type { KeyFacts } from '../facts/decision-facts.js';
import { mayNameOthers, type CommandQuestion, type StepName } from '../decision-steps.js';
import { tellHeld } from './explain-held.js';
import { tellAddresses, tellExpiry, tellQuota, tellRateLimit } from './explain-limits.js';
import { tellPermission, tellUserArgument } from './explain-permission.js';
import type { StepState, Told, ToldFrom, ToldText } from './explanation.js';
import { say } from './texts/message.js';
import { remedyTexts, sourceTexts } from './texts/source-and-remedy.js';
import { whyTexts } from './texts/why.js';
import { commands, keyField, optionsOf, quoted, setting, theRequest } from './told-parts.js';

/** The English words of a step come with it as data, for other languages. */
export function tellStep(step: StepName, state: StepState, from: ToldFrom): ToldText & { told: Told } {
  const { why, source, remedy } = tellers[step](from, state);
  const told = { why, source, ...(state === 'denied' && remedy !== undefined && { remedy }) };
  return { ...inEnglish(told, state), told };
}

/** Of a step that was not reached. */
export function tellUnreached(code: 'key_unknown' | 'command_not_there'): ToldText & { told: Told } {
  const told: Told = { why: { code, params: {} }, source: { code: 'none', params: {} } };
  return { ...inEnglish(told, 'not reached'), told };
}

function inEnglish({ why, source, remedy }: Told, state: StepState): ToldText {
  const said = say(whyTexts, why) ?? '';
  return {
    why: state === 'not asked' ? `${said}: the verdict depends on it` : said,
    source: say(sourceTexts, source) ?? '',
    ...(remedy !== undefined && { remedy: say(remedyTexts, remedy) ?? '' }),
  };
}

type Teller = (from: ToldFrom, state: StepState) => Told;

const nothing: Told = { why: { code: 'none', params: {} }, source: { code: 'none', params: {} } };

/** Of a key that is there. */
function ofKey(tell: (key: KeyFacts, from: ToldFrom, state: StepState) => Told): Teller {
  return (from, state) => (from.key === undefined ? nothing : tell(from.key, from, state));
}

function ofCommand(tell: (question: CommandQuestion, from: ToldFrom, state: StepState) => Told): Teller {
  return (from, state) => (from.question === undefined ? nothing : tell(from.question, from, state));
}

const apiSystemValues = { off: '0', root_user: '1', all_users: '2' } as const;

const tellers: Record<StepName, Teller> = {
  api: ({ facts: { settings, key, rootUser } }) => ({
    why: { code: `api_${settings.apiSystem}`, params: {} },
    source: setting('API_SYSTEM', apiSystemValues[settings.apiSystem]),
    remedy: commands(
      key === undefined || key.user === rootUser
        ? 'v-change-sys-api enable api'
        : 'v-change-sys-config-value API_SYSTEM 2',
    ),
  }),
  address: ({ asked: { client } }, state) => {
    const letsIn = letIn(client?.text);
    return {
      why:
        client === undefined
          ? { code: state === 'ok' ? 'address_every' : 'address_open', params: {} }
          : { code: state === 'ok' ? 'address_in' : 'address_out', params: { address: client.text } },
      source: setting('API_ALLOWED_IP'),
      remedy: letsIn === undefined ? { code: 'own_address', params: {} } : commands(letsIn),
    };
  },
  'command name': ({ request: { command } }, state) => ({
    why:
      state === 'ok' || command === ''
        ? { code: state === 'ok' ? 'command_is_name' : 'command_missing', params: {} }
        : { code: 'command_no_name', params: { command: quoted(command) } },
    source: theRequest,
    remedy: { code: 'other_command', params: {} },
  }),
  key: ({ key, asked, facts: { makers = [] } }) => ({
    why:
      key === undefined
        ? { code: 'key_unknown', params: {} }
        : { code: 'key_of', params: { user: key.user, makers: makers.map(({ id }) => id) } },
    source: { code: 'key', params: { id: asked.accessKeyId } },
    remedy: { code: 'other_key', params: {} },
  }),
  'weak secret': ofKey(({ id }, { asked, facts: { weakSecret } }) => ({
    why: { code: weakSecret === undefined ? 'secret_strong' : `secret_weak_${weakSecret}`, params: {} },
    source: { code: 'attempts', params: {} },
    remedy: commands(`v-rotate-access-key ${id}`, letIn(asked.client?.text)),
  })),
  secret: ({ key }) =>
    key?.isCanary === true
      ? {
          why: { code: 'secret_canary', params: {} },
          source: keyField('CANARY'),
          remedy: { code: 'other_key', params: {} },
        }
      : { why: { code: 'secret_assumed', params: {} }, source: theRequest },
  suspension: ofKey(({ id, isSuspended }, { facts: { makers = [] } }) => {
    const maker = isSuspended ? undefined : makers.find((each) => each.isSuspended);
    if (maker === undefined)
      return {
        why: { code: isSuspended ? 'key_suspended' : 'key_not_suspended', params: {} },
        source: { code: 'key_state', params: {} },
        remedy: commands(`v-unsuspend-access-key ${id}`),
      };
    const isGone = maker.isGone === true;
    return {
      why: { code: isGone ? 'maker_gone' : 'maker_suspended', params: { maker: maker.id } },
      source: keyField('MADE_BY'),
      remedy: commands(
        isGone ? undefined : `v-unsuspend-access-key ${maker.id}`,
        `v-change-access-key ${id} --adopt`,
      ),
    };
  }),
  expiry: ofKey(tellExpiry),
  'key addresses': ofKey(tellAddresses),
  'rate limit': ofKey(tellRateLimit),
  command: ({ request: { command } }, state) => ({
    why: { code: state === 'ok' ? 'command_known' : 'command_unknown', params: { command: quoted(command) } },
    source: { code: 'catalogue', params: {} },
    remedy: { code: 'other_command', params: {} },
  }),
  permission: ofCommand(tellPermission),
  owner: ofCommand(({ key: { user } }, { facts: { owner } }) => ({
    why: {
      code: owner === undefined ? 'owner_unknown' : owner.isSuspended ? 'owner_suspended' : 'owner_active',
      params: { user },
    },
    source: { code: 'user', params: { user } },
    remedy:
      owner === undefined ? { code: 'add_user', params: { user } } : commands(`v-unsuspend-user ${user}`),
  })),
  'api for users': ofCommand(({ isRootUser }, { facts: { settings } }, state) => ({
    why: { code: isRootUser ? 'users_root' : state === 'ok' ? 'users_on' : 'users_off', params: {} },
    source: setting('API_SYSTEM', apiSystemValues[settings.apiSystem]),
    remedy: commands('v-change-sys-config-value API_SYSTEM 2'),
  })),
  'user argument': ofCommand(tellUserArgument),
  'user named': ofCommand(tellUserNamed),
  'held arguments': ofCommand(tellHeld),
  'root user': ofCommand(tellRootUser),
  'read-only mode': ofCommand(({ command: { name, onlyReads } }, { facts: { settings } }) => ({
    why: settings.isReadOnly
      ? { code: onlyReads ? 'read_only_reads' : 'read_only_changes', params: { command: name } }
      : { code: 'read_only_off', params: {} },
    source: setting('DEMO_MODE', settings.isReadOnly ? 'yes' : 'no'),
    remedy: commands('v-change-sys-config-value DEMO_MODE no'),
  })),
  quota: ofKey(tellQuota),
};

/** Undefined for what is no address, and for one that stands for all of them in the list. */
function letIn(text = ''): string | undefined {
  return text === '' || text === '0.0.0.0' ? undefined : `v-add-sys-api-ip ${text}`;
}

function tellUserNamed(question: CommandQuestion, { request, asked }: ToldFrom): Told {
  const { key, isRootUser, command } = question;
  const source = optionsOf(command);
  if (isRootUser) return { why: { code: 'named_anybody', params: {} }, source };
  if (mayNameOthers({ ...request, areArgsToCome: asked.args === undefined }, question))
    return { why: { code: 'named_others', params: {} }, source };
  const at = command.userPositions;
  if (at.length === 0) return { why: { code: 'named_none', params: {} }, source };
  const { args } = asked;
  if (args === undefined) return { why: { code: 'named_open', params: { at, user: key.user } }, source };
  const sent = at.map((place) => {
    const arg = args[place - 1];
    return arg === undefined ? '' : quoted(arg);
  });
  return {
    why: { code: 'named', params: { at, user: key.user, sent } },
    source,
    remedy: { code: 'argument', params: { at, user: key.user } },
  };
}

function tellRootUser(
  { command, isAdministrator }: CommandQuestion,
  { asked, facts }: ToldFrom,
  state: StepState,
): Told {
  const { rootUser: user } = facts;
  const source = optionsOf(command);
  if (state === 'not asked') return { why: { code: 'root_open', params: { user } }, source };
  const { args = [] } = asked;
  const rule = protectionRule(command.name, args, facts);
  if (rule === undefined && isAdministrator && namesRootUser(user, command, args))
    return {
      why: { code: 'root_named', params: { user } },
      source,
      remedy: { code: 'other_user', params: {} },
    };
  if (rule === undefined) return { why: { code: 'root_untouched', params: {} }, source };
  if (rule === 'never') {
    const why = { code: 'root_never', params: { user } } as const;
    return { why, source, remedy: { code: 'other_user', params: {} } };
  }
  const isOnRootUser = args.some((arg) => namesUser(arg, user));
  const why = isOnRootUser
    ? ({ code: 'root_way_in', params: { user } } as const)
    : ({ code: 'administrator_way_in', params: {} } as const);
  return { why, source, remedy: { code: 'root_key', params: {} } };
}
