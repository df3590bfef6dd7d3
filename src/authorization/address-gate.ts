import type { DenyReason } from '../errors.js';
import type { ClientAddress } from '../network/client-address.js';
import type { Facts, Switches } from './facts/facts.js';

/** What is known of a request before its body is read. */
export interface HeadQuestion {
  client: ClientAddress;
  /** Whether it may have legacy credentials in its body. */
  canBeLegacy: boolean;
}

/**
 * Asks for the address alone, so that a request from anywhere else costs its head. It only ever refuses: who is let in
 * here is decided about with everything else, from the facts of that moment.
 */
export class AddressGate {
  constructor(private readonly facts: Facts) {}

  /** @returns why no credential can be let in from there; undefined: it has to be read which one it is */
  refusalOf(question: HeadQuestion): DenyReason | undefined | Promise<DenyReason | undefined> {
    const { facts } = this;
    if (facts.knownSwitches !== undefined && facts.checkLease() !== undefined)
      return decide(question, facts.knownSwitches);
    // Without facts the decision itself says what is wrong.
    return this.load().then(
      (switches) => decide(question, switches),
      () => undefined,
    );
  }

  private async load(): Promise<Switches> {
    if (this.facts.checkLease() === undefined) await this.facts.renewLease();
    return this.facts.loadSwitches();
  }
}

function decide(
  { client, canBeLegacy }: HeadQuestion,
  { settings, allowList }: Switches,
): DenyReason | undefined {
  if (allowList.allows(client.address, client.text, 'access_key')) return undefined;
  const isOff = settings.apiSystem === 'off' && !(canBeLegacy && settings.isLegacyApiOn);
  return isOff ? 'api_disabled' : 'address_not_allowed';
}
