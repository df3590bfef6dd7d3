import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { parseAddress, parseAddressRange, rangeContains } from '../../network/address-range.js';

/** Link-local networks, and where clouds answer with an instance's credentials. */
const refused = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254', '100.100.100.200']
  .map(parseAddressRange)
  .filter((range) => range !== undefined);

/** Why nothing is sent to a name that leads to these addresses; undefined: there is no reason. */
export type AddressCheck = (host: string, addresses: readonly string[]) => Error | undefined;

/** Resolves the name of a receiver for a connection, which is made to the addresses that were checked. */
export function lookupChecked(problemOf: AddressCheck): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const problem =
        error ??
        problemOf(
          host,
          found.map(({ address }) => address),
        );
      if (problem !== undefined) callback(problem, '', 0);
      else if (options.all === true) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}

/**
 * A name must not lead to a link-local or metadata address: somebody who controls the name would make the service send
 * there. An operator who wants that sets the address itself, which isn't looked up.
 */
export const linkLocalProblem: AddressCheck = (_host, addresses) => {
  const isRefused = addresses.some((address) => {
    const parsed = parseAddress(address);
    return parsed !== undefined && refused.some((range) => rangeContains(range, parsed));
  });
  return isRefused ? new Error('the name of the receiver leads to a link-local address') : undefined;
};

/** For receivers of the record. */
export const lookupReceiver: LookupFunction = lookupChecked(linkLocalProblem);
