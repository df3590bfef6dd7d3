import type { RoleDirectory } from '../../apis/role-directory.js';
import { agreedEntry, roleDifferences } from '../../apis/shared-roles.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { countedLimits, countedQuotas } from '../../keys/makers/makers.js';
import { suggestedLife, type KeyPolicy } from '../../keys/limits/key-policy.js';
import { explain } from './explain.js';
import type { AccessQuestion, ExplainedFacts, Explanation } from './explanation.js';
import type { Facts, FactsView } from '../facts/facts.js';
import type { QuotaCounter } from '../limits/quota-counter.js';
import type { RateLimiter } from '../limits/rate-limiter.js';
import type { WeakKeyGuard } from '../limits/weak-key-guard.js';

export interface ExplainerParts {
  facts: Facts;
  roles: RoleDirectory;
  catalogue: Catalogue;
  rateLimiter: RateLimiter;
  quotaCounter: Pick<QuotaCounter, 'foresee'>;
  weakKeyGuard: WeakKeyGuard;
  rootUser: string;
  keyPolicy: Pick<KeyPolicy, 'maxLifeMs'>;
  /** Where the role files are. */
  apisDir: string;
}

/** Explains decisions from the facts that they are made from, and changes none of them: nothing is counted or recorded. */
export class AccessExplainer {
  constructor(private readonly parts: ExplainerParts) {}

  /** @throws AppError 17 where no decision could be made either */
  async explain(asked: AccessQuestion): Promise<Explanation> {
    const { facts } = this.parts;
    for (;;) {
      const view = facts.view(asked.accessKeyId) ?? (await facts.load(asked.accessKeyId));
      const waited = {
        rate: await this.rateOf(view),
        ...(await this.quotasOf(view)),
        weakSecret: await this.weakSecretOf(view, asked),
      };
      if (!facts.isCurrent(view)) continue;
      const nowMs = facts.checkLease();
      if (nowMs !== undefined) return explain(asked, { ...this.factsOf(view, nowMs), ...waited });
      await facts.renewLease();
    }
  }

  private factsOf({ switches, key, makers, owner }: FactsView, nowMs: number): ExplainedFacts {
    const { roles, catalogue, rootUser, apisDir, keyPolicy } = this.parts;
    const { sharedRoles } = switches;
    const entries = roles.list();
    const differences = new Map(
      sharedRoles &&
        roleDifferences(roles.listFiles(), sharedRoles).map(({ api, problem }) => [api, problem]),
    );
    return {
      ...{ settings: switches.settings, allowList: switches.allowList, key, makers, owner, rootUser, nowMs },
      isAdministrator: switches.isAdministrator,
      findApi: (name) => agreedEntry(roles.find(name), sharedRoles),
      findCommand: (name) => catalogue.find(name),
      apis: entries.map((entry) => agreedEntry(entry, sharedRoles) ?? entry),
      suggestedLife: suggestedLife(keyPolicy),
      roleFile: (name) => `${apisDir}/${name}`,
      roleDifference: (name) => differences.get(name),
    };
  }

  private async rateOf({ key, makers }: FactsView) {
    return key && this.parts.rateLimiter.foreseeAll(countedLimits(key, makers, undefined));
  }

  private async quotasOf({ key, makers }: FactsView) {
    const counted = key === undefined ? [] : countedQuotas(key, makers);
    if (counted.length === 0) return {};
    const quotas = await this.parts.quotaCounter.foresee(counted);
    return { quotas, quota: { isExceeded: quotas.some(({ isExceeded }) => isExceeded) } };
  }

  private async weakSecretOf({ key, switches }: FactsView, { client }: AccessQuestion) {
    if (key?.isWeak !== true) return undefined;
    const { allowList } = switches;
    return this.parts.weakKeyGuard.precheck({ guardedId: key.id, client, allowList });
  }
}
