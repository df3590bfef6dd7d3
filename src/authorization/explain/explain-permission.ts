import { lists, type RoleFile } from '../../apis/role-file.js';
import type { ApiEntry } from '../../apis/role-directory.js';
import type { Maker } from '../../keys/makers/makers.js';
import { mayNameOthers, type CommandQuestion } from '../decision-steps.js';
import { grantsTo } from '../held-step.js';
import type { Told, ToldFrom } from './explanation.js';
import type { RoleTold } from './texts/why.js';
import { commands, filesOf, keyField, optionsOf } from './told-parts.js';

type Remedy = NonNullable<Told['remedy']>;

/** Which role files grant the command, and why the others don't. */
export function tellPermission(question: CommandQuestion, { facts }: ToldFrom): Told {
  const { key, command, permissions } = question;
  const source = keyField('PERMISSIONS');
  if (permissions === 'everything') return { why: { code: 'permission_everything', params: {} }, source };
  const lost = facts.makers?.find((maker) => !mayAll(maker, key.permissions, facts.rootUser));
  if (key.permissions.length === 0 && lost === undefined)
    return { why: { code: 'permission_none', params: {} }, source, remedy: remedy(question, facts) };
  const maker = lost?.id ?? '';
  if (permissions.length === 0)
    return {
      why: { code: 'permission_lost', params: { maker } },
      source: keyField('MADE_BY'),
      remedy: commands(`v-change-access-key ${key.id} --adopt`),
    };
  const names = key.permissions.length === 0 ? permissions : key.permissions;
  const roles = names.map((name) => {
    const stands = permissions.includes(name)
      ? standingOf(facts.findApi(name), question)
      : ({ is: 'not_of_maker' } as const);
    return { name, problem: '', difference: facts.roleDifference(name) ?? '', ...stands };
  });
  return {
    why: { code: 'permission_roles', params: { command: command.name, maker, roles } },
    source: filesOf(names, facts),
    remedy: remedy(question, facts),
  };
}

function mayAll(maker: Maker, names: readonly string[], rootUser: string): boolean {
  if (maker.user === rootUser && maker.permissions.length === 0) return true;
  return names.length > 0 && names.every((name) => maker.permissions.includes(name));
}

/** A command without a USER argument can't hold a key to its user: SAFE has to say that it need not. */
export function tellUserArgument(question: CommandQuestion, { request, asked, facts }: ToldFrom): Told {
  const { key, isRootUser, command, grant } = question;
  const isOpen = asked.args === undefined;
  const source = optionsOf(command);
  if (isRootUser) return { why: { code: 'argument_not_needed', params: {} }, source };
  if (command.userPositions.length > 0)
    return { why: { code: 'argument_is_user', params: { at: command.userPositions } }, source };
  const files = filesOf(key.permissions, facts);
  if (mayNameOthers({ ...request, areArgsToCome: isOpen }, question))
    return { why: { code: 'argument_of_administrator', params: {} }, source: files };
  if (grant === 'safe') return { why: { code: 'argument_safe', params: {} }, source: files };
  return {
    why: { code: 'argument_not_safe', params: {} },
    source: files,
    remedy: changeSafe(question, facts),
  };
}

/** Where no role of the key has the command, the step about permissions tells what to do. */
function changeSafe({ key, command }: CommandQuestion, facts: ToldFrom['facts']): Remedy {
  const entries = key.permissions.map((name) => facts.findApi(name));
  const isItsFile = ({ role, isReadOnlyApi }: RoleFile): boolean =>
    role === 'user' && isReadOnlyApi === undefined;
  const entry = entries.find((api) => api?.role && isItsFile(api.role) && lists(api.role, command));
  if (entry?.role === undefined) return { code: 'role_with_safe', params: {} };
  const { commands: listed } = entry.role;
  // What stands in SAFE alone is refused there.
  const safe = [...entry.role.safe].filter((name) => listed.has(name));
  const wanted = [...safe, command.name].join(',');
  return commands(`v-change-api ${entry.name} user ${[...listed].join(',')} ${wanted}`);
}

function standingOf(
  api: ApiEntry | undefined,
  question: CommandQuestion,
): Pick<RoleTold, 'is'> & { problem?: string } {
  if (api === undefined) return { is: 'unknown' };
  if (api.role === undefined) return { is: 'broken', problem: api.problem };
  if (!grantsTo(api.role, question))
    return { is: api.role.role === undefined ? 'without_role' : 'for_root_user' };
  return { is: lists(api.role, question.command) ? 'granting' : 'not_listing' };
}

function remedy(question: CommandQuestion, facts: ToldFrom['facts']): Remedy {
  const { key, command } = question;
  const isGranting = (api: ApiEntry): boolean => standingOf(api, question).is === 'granting';
  // The API that reads everything is more than what is asked for.
  const granting = facts.apis.filter((api) => api.role?.isReadOnlyApi !== true && isGranting(api));
  // What holds the key to its user is no use without a USER argument: then SAFE has to name the command.
  const isUsable = (api: ApiEntry): boolean =>
    question.isRootUser ||
    (question.isAdministrator && api.role?.role === 'admin') ||
    command.userPositions.length > 0 ||
    api.role?.safe.has(command.name) === true;
  const api = granting.find(isUsable);
  // A key that names others can't be changed: they are gone, or it may not have them.
  const kept = key.permissions.filter((name) => isGrantable(facts.findApi(name), question));
  const change = (name: string): string =>
    `v-change-access-key ${key.id} PERMISSIONS ${[...new Set([...kept, name])].join(',')}`;
  if (api !== undefined) return commands(change(api.name));
  const safe = question.isRootUser || command.userPositions.length > 0 ? '' : ` ${command.name}`;
  const name = freeName(command.name, facts);
  const role = question.isRootUser ? 'admin' : 'user';
  const add = `v-add-api ${name} ${role} ${command.name}${safe}`;
  return { code: 'commands_in_turn', params: { commands: [add, change(name)] } };
}

function isGrantable(api: ApiEntry | undefined, question: CommandQuestion): boolean {
  return api?.role !== undefined && grantsTo(api.role, question);
}

/** A name that no API has. */
function freeName(command: string, { apis, findApi }: ToldFrom['facts']): string {
  const taken = new Set(apis.map(({ name }) => name));
  const base = `run-${command.replace(/^v-/, '')}`.slice(0, 56);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${String(number)}`;
    if (!taken.has(name) && findApi(name) === undefined) return name;
  }
}
