import type { ApiEntry } from '../../apis/role-directory.js';
import type { Maker } from '../../keys/makers/makers.js';
import type { CommandQuestion } from '../decision-steps.js';
import type { Told, ToldFrom } from './explanation.js';

/** Which role files grant the command, and why the others don't. */
export function tellPermission(question: CommandQuestion, { facts }: ToldFrom): Told {
  const { key, command, permissions } = question;
  if (permissions === 'everything')
    return {
      why: 'a key of the root user without permissions may do everything',
      source: 'the key: PERMISSIONS',
    };
  const lost = facts.makers?.find((maker) => !mayAll(maker, key.permissions, facts.rootUser));
  if (key.permissions.length === 0 && lost === undefined)
    return { why: 'the key has none', source: 'the key: PERMISSIONS', remedy: remedy(question, facts) };
  if (permissions.length === 0)
    return {
      why: `key ${lost?.id ?? ''}, which made it, no longer has what it has`,
      source: 'the key: MADE_BY',
      remedy: `v-change-access-key ${key.id} --adopt`,
    };
  const names = key.permissions.length === 0 ? permissions : key.permissions;
  const told = names.map((name) => {
    const isLost = !permissions.includes(name);
    const problem = isLost
      ? `is not one of key ${lost?.id ?? ''}, which made it`
      : whyNot(facts.findApi(name), question);
    const difference = facts.roleDifference(name);
    const isGranting = problem === undefined ? `${name} lists ${command.name}` : `${name} ${problem}`;
    return difference === undefined || isGranting.endsWith(difference)
      ? isGranting
      : `${isGranting} (it ${difference})`;
  });
  return {
    why: told.join('; '),
    source: names.map((name) => facts.roleFile(name)).join(', '),
    remedy: remedy(question, facts),
  };
}

function mayAll(maker: Maker, names: readonly string[], rootUser: string): boolean {
  if (maker.user === rootUser && maker.permissions.length === 0) return true;
  return names.length > 0 && names.every((name) => maker.permissions.includes(name));
}

/** A command without a USER argument can't hold a key to its user: SAFE has to say that it need not. */
export function tellUserArgument(question: CommandQuestion, { facts }: ToldFrom): Told {
  const { key, isRootUser, command, grant } = question;
  const source = `${command.name}: ${command.options || 'no arguments'}`;
  if (isRootUser) return { why: 'the root user needs none', source };
  if (command.userPositions.length > 0) {
    return { why: `argument ${command.userPositions.map(String).join(' and ')} is USER`, source };
  }
  const files = key.permissions.map((name) => facts.roleFile(name)).join(', ') || '-';
  if (grant === 'safe') return { why: 'it has none, and is in SAFE', source: files };
  return {
    why: `it has none, and is in no SAFE line`,
    source: files,
    remedy: changeSafe(question, facts),
  };
}

/** Where no role of the key has the command, the step about permissions tells what to do. */
function changeSafe({ key, command }: CommandQuestion, facts: ToldFrom['facts']): string {
  const entries = key.permissions.map((name) => facts.findApi(name));
  const entry = entries.find((api) => api?.role?.role === 'user' && api.role.commands.has(command.name));
  if (entry?.role === undefined) return 'a role of the key that has it in SAFE, too: see permission';
  const { commands } = entry.role;
  // What stands in SAFE alone is refused there.
  const safe = [...entry.role.safe].filter((name) => commands.has(name));
  const wanted = [...safe, command.name].join(',');
  return `v-change-api ${entry.name} user ${[...commands].join(',')} ${wanted}`;
}

function whyNot(api: ApiEntry | undefined, question: CommandQuestion): string | undefined {
  if (api === undefined) return 'is no API here';
  if (api.role === undefined) return api.problem;
  if (!question.isRootUser && api.role.role !== 'user') {
    const role = api.role.role === undefined ? 'has no ROLE' : `has ROLE ${api.role.role}`;
    return `${role}: only for the root user`;
  }
  return api.role.commands.has(question.command.name) ? undefined : `does not list ${question.command.name}`;
}

function remedy(question: CommandQuestion, facts: ToldFrom['facts']): string {
  const { key, command } = question;
  const granting = facts.apis.filter((api) => whyNot(api, question) === undefined);
  // What holds the key to its user is no use without a USER argument: then SAFE has to name the command.
  const isUsable = (api: ApiEntry): boolean =>
    question.isRootUser || command.userPositions.length > 0 || api.role?.safe.has(command.name) === true;
  const api = granting.find(isUsable);
  // A key that names others can't be changed: they are gone, or it may not have them.
  const kept = key.permissions.filter((name) => isGrantable(facts.findApi(name), question));
  const change = (name: string): string =>
    `v-change-access-key ${key.id} PERMISSIONS ${[...new Set([...kept, name])].join(',')}`;
  if (api !== undefined) return change(api.name);
  const safe = question.isRootUser || command.userPositions.length > 0 ? '' : ` ${command.name}`;
  const name = freeName(command.name, facts);
  const role = question.isRootUser ? 'admin' : 'user';
  return `v-add-api ${name} ${role} ${command.name}${safe}, then ${change(name)}`;
}

function isGrantable(api: ApiEntry | undefined, { isRootUser }: CommandQuestion): boolean {
  return api?.role !== undefined && (isRootUser || api.role.role === 'user');
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
