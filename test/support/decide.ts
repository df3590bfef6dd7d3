import type { AccessRequest, Decision } from '../../src/authorization/access-request.js';
import { decideAboutKey, decideAdmission } from '../../src/authorization/decide.js';
import type { DecisionFacts } from '../../src/authorization/facts/decision-facts.js';

/**
 * The whole decision from one set of facts. The service asks the two halves one by one: what costs something comes
 * between them.
 */
export function decide(request: AccessRequest, facts: DecisionFacts, isSecretRight: boolean): Decision {
  return decideAdmission(request, facts) ?? decideAboutKey(request, facts, isSecretRight);
}
