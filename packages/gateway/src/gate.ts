import { CallQueue } from './call-queue.js';
import type { GateDecision } from './decision.js';
import { checkOptions, type GateOptions } from './gate-options.js';
import { copyQuestion, type GateQuestion } from './question.js';
import { Transport } from './transport.js';

export type { AllowedDecision, DeniedDecision, DenyReason, GateDecision, GatewayReason } from './decision.js';
export { denyReasons, gatewayReasons } from './decision.js';
export type { DecisionEvent } from './decision-event.js';
export type { GateOptions } from './gate-options.js';
export type { GateQuestion } from './question.js';

/** Asks one Hearthkey for decisions. */
export interface Gate {
  /**
   * Asks whether the key may run the command, anew each time. No error, time limit or strange answer allows anything or
   * throws: they deny, with a reason that begins with `gateway_`. Only an argument of another type than declared
   * rejects.
   */
  authorize(question: GateQuestion): Promise<GateDecision>;
  /** Denies new calls, waits for those that are under way, and ends the connections. */
  close(): Promise<void>;
}

/**
 * Makes a gate. It connects with its first question.
 *
 * @throws TypeError or RangeError where an option is wrong
 */
export function createGate(options: GateOptions): Gate {
  const checked = checkOptions(options);
  const queue = new CallQueue(new Transport(checked.address, checked.connections), checked);
  return {
    authorize: async (question) => queue.ask(copyQuestion(question)),
    close: () => queue.close(),
  };
}
