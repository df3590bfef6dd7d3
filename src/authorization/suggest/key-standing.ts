import type { CommandSpec } from '../../catalogue/command-spec.js';
import { hasLimits, type KeyLimits } from '../../keys/limits/key-limits.js';
import { limitsWithin, permissionsWithin, type Maker } from '../../keys/makers/makers.js';
import { askAboutCommand, type Grant } from '../decision-steps.js';
import type { DecisionFacts, KeyFacts } from '../facts/decision-facts.js';

/** What is known of the service when a suggestion is made. */
export interface SuggestFacts extends Pick<DecisionFacts, 'rootUser' | 'findApi' | 'findCommand'> {
  /** In the order of their names. */
  commandNames: readonly string[];
  /** Built-in commands that run only for who may do everything, whatever a role says. */
  needsEverything: ReadonlySet<string>;
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
  readonly permissions: 'everything' | readonly string[];
  readonly limits: KeyLimits;

  constructor(
    readonly of: StandingKey,
    private readonly facts: SuggestFacts,
  ) {
    const { key, makers } = of;
    this.isRootUser = key.user === facts.rootUser;
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
      const isOut = name === without || (without !== undefined && api?.role?.only !== undefined);
      return isOut ? undefined : api;
    };
    const { grant } = askAboutCommand(key, command, { rootUser, owner: undefined, findApi: find, makers });
    const isHeld = this.isRootUser || command.userPositions.length > 0 || grant === 'safe';
    return isHeld ? grant : 'none';
  }

  /** Whether some request for that command would be allowed. */
  can(name: string, without?: string): boolean {
    const command = this.facts.findCommand(name);
    return command !== undefined && this.grantOf(command, without) !== 'none';
  }

  /** Those of its APIs that hold arguments: a new role would not. */
  heldApis(): string[] {
    return this.usableApis().filter((name) => this.facts.findApi(name)?.role?.only !== undefined);
  }

  /** Those of its APIs that still count; a change of its permissions can name no others. */
  usableApis(): string[] {
    const { key } = this.of;
    return key.permissions.filter((name) => {
      const role = this.facts.findApi(name)?.role;
      return role !== undefined && (this.isRootUser || role.role === 'user');
    });
  }
}
