/** Addresses as numbers: docs/client-address.md, and the allow list of DESIGN 1 and docs/deviations.md. */
interface Numbered {
  bits: 32 | 128;
  value: bigint;
}

const mappedPrefix = 0xffffn;
const low32 = 0xffff_ffffn;

/** Undefined: the text is no address. A mapped IPv6 address is the IPv4 address in it. */
function numberOf(text: string): Numbered | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    const four = fourOf(text);
    return four === undefined ? undefined : { bits: 32, value: four };
  }
  const value = sixOf(text);
  if (value === undefined) return undefined;
  return value >> 32n === mappedPrefix ? { bits: 32, value: value & low32 } : { bits: 128, value };
}

/** A leading zero is refused: some programs read such a number as octal. */
function fourOf(dotted: string): bigint | undefined {
  const numbers = dotted.split('.');
  const isOne = numbers.every((number) => String(Number(number)) === number && Number(number) <= 255);
  return isOne ? joined(numbers.map(Number), 8n) : undefined;
}

function sixOf(text: string): bigint | undefined {
  const halves = text.replace(/\d+(?:\.\d+){3}$/, asTwoGroups).split('::');
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  const isWhole = halves.length === 2 ? missing > 0 : halves.length === 1 && missing === 0;
  const groups = [...before, ...Array<string>(Math.max(missing, 0)).fill('0'), ...after];
  if (!isWhole || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return joined(
    groups.map((group) => parseInt(group, 16)),
    16n,
  );
}

function asTwoGroups(dotted: string): string {
  const four = fourOf(dotted);
  return four === undefined ? dotted : `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((sum, part) => (sum << width) | BigInt(part), 0n);
}

/** @param entry - an address, or a range of addresses such as `10.0.0.0/8` */
function covers(entry: string, address: Numbered): boolean {
  const [network = '', length] = entry.split('/');
  const first = numberOf(network);
  if (first?.bits !== address.bits) return false;
  // Of a mapped network the first 96 bits are no part of the IPv4 network.
  const prefix =
    length === undefined ? first.bits : Number(length) - (network.includes(':') ? 128 - first.bits : 0);
  const rest = BigInt(first.bits - prefix);
  return first.value >> rest === address.value >> rest;
}

/** Whether one of the entries has the client's address in it. An address that nobody knows is in none. */
export function isAmong(entries: readonly string[], client: string): boolean {
  const address = numberOf(client);
  return address !== undefined && entries.some((entry) => covers(entry, address));
}

/** API_ALLOWED_IP: empty means nobody, `allow-all` everybody, `0.0.0.0` everybody whose address is known. */
export function isAllowed(entries: readonly string[], client: string): boolean {
  if (entries.includes('allow-all')) return true;
  return (entries.includes('0.0.0.0') && numberOf(client) !== undefined) || isAmong(entries, client);
}
