/** Address lists as sets, each address in its shortest form. */
import ipaddr from 'ipaddr.js';

/** The items of a list, without blanks and empty ones, each in its shortest form; in the order of the list. */
export function itemsOf(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map(shortestForm);
}

export function sameAddresses(one: string, other: string): boolean {
  return sameSet(itemsOf(one), itemsOf(other));
}

export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const left = new Set(one);
  const right = new Set(other);
  return left.size === right.size && [...left].every((item) => right.has(item));
}

/** IPv6 in lower case and shortest form, a mapped address as that IPv4; a range likewise; other words as they are. */
export function shortestForm(text: string): string {
  const [address = '', bits] = text.split('/');
  if (
    !ipaddr.isValid(address) ||
    (ipaddr.IPv4.isIPv4(address) && !ipaddr.IPv4.isValidFourPartDecimal(address))
  )
    return text;
  const parsed = ipaddr.parse(address);
  const mapped = parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress();
  const shortest = mapped ? parsed.toIPv4Address().toString() : parsed.toString();
  if (bits === undefined) return shortest;
  const length = Number(bits) - (mapped ? 96 : 0);
  const whole = (mapped ? 32 : parsed.kind() === 'ipv4' ? 32 : 128) === length;
  return whole ? shortest : `${shortest}/${length}`;
}
