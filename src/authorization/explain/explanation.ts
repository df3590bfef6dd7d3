import type { ApiEntry } from '../../apis/role-directory.js';
import type { DenyReason, ReturnCode } from '../../errors.js';
import type { AccessRequest } from '../access-request.js';
import type { DecisionFacts, KeyFacts } from '../facts/decision-facts.js';
import type { CommandQuestion, StepName } from '../decision-steps.js';
import type { QuotaState } from '../limits/quota-counter.js';
import type { RateState } from '../limits/rate-state.js';
import type { MessageOf } from './texts/message.js';
import type { remedyTexts, sourceTexts } from './texts/source-and-remedy.js';
import type { whyTexts } from './texts/why.js';

/** May this key run this command from there, given its secret? What isn't said is left open. */
export interface AccessQuestion {
  accessKeyId: string;
  /** Undefined: left open. */
  client: AccessRequest['client'] | undefined;
  command: string;
  /** Undefined: left open. */
  args: readonly string[] | undefined;
  /** Whose key it is was asked, and no command; `command` names the question. */
  isIdentification?: boolean;
}

export interface ExplainedFacts extends Omit<DecisionFacts, 'rate' | 'quota'> {
  /** What the next request of the key would hear of its rate limit; absent: it has none. */
  rate?: RateState | undefined;
  /** The same of its quotas and those of its makers, each; absent: there are none. */
  quotas?: readonly QuotaState[] | undefined;
  quota?: { isExceeded: boolean } | undefined;
  /**
   * Whether the key is heard, if its secret can be guessed; `somewhere`: only from addresses that are known. Absent:
   * its secret can't be guessed.
   */
  weakSecret?: 'heard' | 'closed' | 'somewhere' | undefined;
  apis: readonly ApiEntry[];
  /** A life that a key may be given here, as `--expires` takes it. */
  suggestedLife: string;
  roleFile: (name: string) => string;
  /** How this node's role file and the database of several nodes differ; undefined: not at all. */
  roleDifference: (name: string) => string | undefined;
}

/** `not asked`: it could deny, and the question doesn't say what it asks for: the verdict depends on it. */
export type StepState = 'ok' | 'denied' | 'not asked' | 'not reached';

/** Why a step ended as it did: each a sentence as data (texts/). */
export interface Told {
  why: MessageOf<typeof whyTexts>;
  /** The setting, the file or the key's own field that it stands in. */
  source: MessageOf<typeof sourceTexts>;
  remedy?: MessageOf<typeof remedyTexts> | undefined;
}

/** The same in English words. */
export interface ToldText {
  why: string;
  source: string;
  /**
   * What would change a denial. Commands in it can be pasted: each begins with `v-` and goes up to a comma, a
   * parenthesis or the end, with nothing left to be filled in.
   */
  remedy?: string;
}

export interface ExplainedStep extends ToldText {
  step: StepName;
  state: StepState;
  /** For another language than English. */
  told: Told;
  /** Of a denial. */
  reason?: DenyReason;
}

/** What a question can leave open. */
export type OpenPart = 'address' | 'arguments';

export type Verdict =
  | { outcome: 'allow' }
  | { outcome: 'deny'; reason: DenyReason; code: ReturnCode }
  /** No step denies, and whether the request is allowed depends on what the question left open. */
  | { outcome: 'depends'; on: readonly OpenPart[] };

export interface Explanation {
  steps: readonly ExplainedStep[];
  verdict: Verdict;
}

/** All that a step can be told from. */
export interface ToldFrom {
  request: AccessRequest;
  asked: AccessQuestion;
  facts: ExplainedFacts;
  key: KeyFacts | undefined;
  question: CommandQuestion | undefined;
}
