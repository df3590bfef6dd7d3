import type { CommandSpec } from '../../catalogue/command-spec.js';
import { hasLimits, type KeyLimits } from '../../keys/limits/key-limits.js';
import { limitsWithin, permissionsWithin, type Maker } from '../../keys/makers/makers.js';
import { askAboutCommand, type Grant } from '../decision-steps.js';
import type { DecisionFacts, KeyFacts } from '../facts/decision-facts.js';
import { grantsTo, grantWithin } from '../held-step.js';

type Known = 'rootUser' | 'isAdministrator' | 'findApi' | 'findCommand';

/** What is known of the service when a suggestion is made. */
export interface SuggestFacts extends Pick<DecisionFacts, Known> {
  /** In the order of their names. */
  commandNames: readonly string[];
  /** Built-in commands that run only for who may do everything, whatever a role says. */
  needsEverything: ReadonlySet<string>;
  /** Built-in commands that run for others only where a role has them in SAFE. */
  needsSafe: ReadonlySet<string>;
  /** Built-in commands that make, change or end keys which can do no more than the key that runs them. */
  handlesKeys: ReadonlySet<string>;
  /** Whether the one who asks may look at what this user has. */
  maySee: (user: string) => boolean;
  /** No other node decides: the record has all requests. */
  isAlone: boolean;
}

/** A key with the keys that made it, the nearest first. */
export interface StandingKey {
  key: KeyFacts;
  makers: readonly Maker[];
}

/** What a key can do as things stand now. */
export class KeyStanding {
  readonly isRootUser: boolean;
  /** Its owner is an administrator beside the root user. */
  readonly isAdministrator: boolean;
  readonly permissions: 'everything' | readonly string[];
  readonly limits: KeyLimits;

  constructor(
    readonly of: StandingKey,
    private readonly facts: SuggestFacts,
  ) {
    const { key, makers } = of;
    this.isRootUser = key.user === facts.rootUser;
    this.isAdministrator = !this.isRootUser && facts.isAdministrator(key.user);
    this.permissions = permissionsWithin(key, makers, facts.rootUser);
    this.limits = limitsWithin(key, makers);
  }

  get mayDoEverything(): boolean {
    return this.permissions === 'everything' && ![this.of.key, ...this.of.makers].some(hasLimits);
  }

  /** @param without - as if it had not this API */
  grantOf(command: CommandSpec, without?: string): Grant {
    const { key, makers } = this.of;
    const { findApi, rootUser } = this.facts;
    const find: DecisionFacts['findApi'] = (name) => {
      const api = findApi(name);
      // What another API grants counts only where it does so whatever the arguments are.
      const depends = api?.role?.only !== undefined || (this.isAdministrator && api?.role?.role !== 'admin');
      return name === without || (without !== undefined && depends) ? undefined : api;
    };
    const owner = { isSuspended: false, role: this.isAdministrator ? ('admin' as const) : ('user' as const) };
    const within = { rootUser, owner, findApi: find, makers };
    const question = askAboutCommand(key, command, within);
    const isHeld = question.isHeld && question.grant !== 'none';
    const grant = isHeld ? grantWithin(question, within, 'any') : question.grant;
    const namesAny = this.isRootUser || question.namesOthers;
    const isOfUser = namesAny || command.userPositions.length > 0 || grant === 'safe';
    return isOfUser ? grant : 'none';
  }

  /** Whether a role in the place of what it has needs the command in SAFE. */
  needsSafe(name: string, grant: Grant): boolean {
    return grant === 'safe' || (this.mayDoEverything && this.facts.needsSafe.has(name));
  }

  /**
   * Whether some request for that command would be allowed.
   *
   * @param isSafe - as by a role that has it in SAFE
   */
  can(name: string, isSafe = false): boolean {
    const command = this.facts.findCommand(name);
    if (command === undefined) return false;
    const grant = this.grantOf(command);
    return isSafe ? grant === 'safe' || this.mayDoEverything : grant !== 'none';
  }

  /** APIs that count for it and hold arguments: a new role would not. */
  heldApis(): string[] {
    const { permissions } = this;
    if (permissions === 'everything') return [];
    return permissions.filter(
      (name) => this.canHave(name) && this.facts.findApi(name)?.role?.only !== undefined,
    );
  }

  /** APIs by which the key of an administrator may name any user: a new role would let it do so for more commands. */
  adminApis(): string[] {
    const { permissions, isAdministrator } = this;
    if (permissions === 'everything' || !isAdministrator) return [];
    return permissions.filter((name) => this.facts.findApi(name)?.role?.role === 'admin');
  }

  /** Whether its permissions can be changed to that API: it is there, and for keys of its user. */
  canHave(name: string): boolean {
    const role = this.facts.findApi(name)?.role;
    return role !== undefined && grantsTo(role, this);
  }
}
