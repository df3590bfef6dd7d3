import { networkMeant } from '../../network/address-range.js';
import type { Terminal } from '../builtin-command.js';

/** A range with host bits is a larger one than its writer may think. */
export function sayNetwork(text: string, terminal: Terminal): void {
  const network = networkMeant(text);
  if (network !== undefined) terminal.say(`${text} is taken for the network ${network}.\n`);
}
