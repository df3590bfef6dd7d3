import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IPv4 or IPv6 address; an IPv4-mapped IPv6 address is always held as the IPv4 address that it maps. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A network in CIDR terms; one address is the range of full length. */
export interface AddressRange {
  network: Address;
  prefixLength: number;
}

const mappedPrefixLength = 96;

/** The same clients come again and again, so what was read lately is kept; when this is full, it begins anew. */
const keptAddresses = 10_000;
const readBefore = new Map<string, Address>();
const spellings = new WeakMap<Address, string>();

/**
 * Reads an address in any of its spellings.
 *
 * @returns undefined for anything that is not exactly one address (no blanks, brackets, zones, octal numbers)
 */
export function parseAddress(text: string): Address | undefined {
  const known = readBefore.get(text);
  if (known !== undefined) return known;
  if (isIP(text) === 0 || text.includes('%')) return undefined;
  // ipaddr.js reads `::192.0.2.1` as `::ffff:192.0.2.1`; it is `::c000:201`, no mapped address.
  const address = ipaddr.process(text.replace(/^::(?=\d+\.)/, '0::'));
  if (readBefore.size >= keptAddresses) readBefore.clear();
  readBefore.set(text, address);
  return address;
}

/** The one spelling that is kept and shown: IPv4 in dotted form, IPv6 as RFC 5952 wants it. */
export function formatAddress(address: Address): string {
  let text = spellings.get(address);
  if (text === undefined) {
    text = address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
    spellings.set(address, text);
  }
  return text;
}

/**
 * Reads an address or a CIDR range (`10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`). Host bits are cleared, and a range
 * of mapped addresses becomes the IPv4 range that it maps, so that equal ranges are equal texts.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [addressText = '', prefixText, ...rest] = text.split('/');
  const address = parseAddress(addressText);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefixText === undefined) return { network: address, prefixLength: bits };
  if (!/^\d{1,3}$/.test(prefixText)) return undefined;
  const isMapped = bits === 32 && isIP(addressText) === 6;
  const prefixLength = Number(prefixText) - (isMapped ? mappedPrefixLength : 0);
  if (prefixLength < 0 || prefixLength > bits) return undefined;
  return { network: clearHostBits(address, prefixLength), prefixLength };
}

/** The network that a range with host bits (`10.0.0.1/8`) is taken for; undefined: there are none in it. */
export function networkMeant(text: string): string | undefined {
  const range = text.includes('/') ? parseAddressRange(text) : undefined;
  const address = parseAddress(text.split('/')[0] ?? '');
  if (range === undefined || address === undefined) return undefined;
  return formatAddress(range.network) === formatAddress(address) ? undefined : formatAddressRange(range);
}

/** Whether each IPv4 and each IPv6 address is in one of them, by a range of all of its kind. */
export function coverEverything(ranges: readonly AddressRange[]): boolean {
  const kinds = ranges.filter(({ prefixLength }) => prefixLength === 0).map(({ network }) => network.kind());
  return new Set(kinds).size === 2;
}

export function formatAddressRange(range: AddressRange): string {
  const bits = range.network.kind() === 'ipv4' ? 32 : 128;
  const address = formatAddress(range.network);
  return range.prefixLength === bits ? address : `${address}/${String(range.prefixLength)}`;
}

export function rangeContains(range: AddressRange, address: Address): boolean {
  if (range.network instanceof ipaddr.IPv4) {
    return address instanceof ipaddr.IPv4 && address.match(range.network, range.prefixLength);
  }
  return address instanceof ipaddr.IPv6 && address.match(range.network, range.prefixLength);
}

/** The address itself, or of IPv6 the first 64 bits. */
export function networkOf(address: Address): string {
  const bytes = address.toByteArray();
  return bytes.length === 4 ? bytes.join('.') : Buffer.from(bytes.slice(0, 8)).toString('hex');
}

/** @param bytes - four of IPv4, sixteen of IPv6 */
export function addressOfBytes(bytes: number[]): Address {
  return ipaddr.fromByteArray(bytes);
}

function clearHostBits(address: Address, prefixLength: number): Address {
  const bytes = address.toByteArray().map((byte, index) => {
    const bitsKept = Math.min(8, Math.max(0, prefixLength - index * 8));
    return byte & (0xff << (8 - bitsKept)) & 0xff;
  });
  return ipaddr.fromByteArray(bytes);
}
