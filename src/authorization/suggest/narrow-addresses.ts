import {
  addressOfBytes,
  parseAddress,
  rangeContains,
  type Address,
  type AddressRange,
} from '../../network/address-range.js';

/** So many ranges can be read at a glance; where there are more, those nearest to each other become one. */
const mostRanges = 16;

/**
 * A client with IPv6 has a /64 to itself, and other addresses in it every day. A range that is larger than the largest
 * one would let in strangers.
 */
const kinds = {
  ipv4: { bits: 32, client: 32, largest: 16 },
  ipv6: { bits: 128, client: 64, largest: 48 },
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

/** A range as a number and the length of its prefix. */
interface Block {
  value: bigint;
  length: number;
}

/**
 * The smallest sensible ranges that have all of these addresses in them: addresses of IPv6 that share a /64 are that
 * /64; the two halves of a range are that range; and where more than sixteen are left, those that are nearest to each
 * other become one, up to a /16 or a /48.
 *
 * @param present - the ranges that the key is held to now; none of the result is wider
 * @param most - so many a key can have
 * @returns undefined where an address can't be read, or too many ranges would be left
 */
export function narrowAddresses(
  texts: Iterable<string>,
  present: readonly AddressRange[] | undefined,
  most: number,
): AddressRange[] | undefined {
  const groups = new Map<AddressRange | undefined, Address[]>();
  for (const text of texts) {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    const range = narrowestWith(address, present);
    // Today it would be refused whatever is suggested.
    if (present !== undefined && range === undefined) continue;
    const group = groups.get(range) ?? [];
    group.push(address);
    groups.set(range, group);
  }
  const ranges = [...groups].flatMap(([within, addresses]) => narrowGroup(addresses, within));
  if (ranges.length <= most) return ranges;
  return present === undefined ? undefined : [...groups.keys()].filter((range) => range !== undefined);
}

function narrowestWith(
  address: Address,
  present: readonly AddressRange[] | undefined,
): AddressRange | undefined {
  const holding = present?.filter((range) => rangeContains(range, address)) ?? [];
  return holding.toSorted((one, other) => other.prefixLength - one.prefixLength)[0];
}

function narrowGroup(addresses: readonly Address[], within: AddressRange | undefined): AddressRange[] {
  return (['ipv4', 'ipv6'] as const).flatMap((name) => {
    const kind = kinds[name];
    const of = addresses.filter((address) => address.kind() === name);
    const blocks = of.map((address) => ({ value: valueOf(address), length: kind.bits }));
    const least = within?.prefixLength ?? 0;
    return narrowBlocks(sorted(blocks), kind, least).map((block) => rangeOf(block, kind));
  });
}

/** @param least - no prefix may be shorter */
function narrowBlocks(blocks: readonly Block[], kind: Kind, least: number): Block[] {
  const largest = Math.max(kind.largest, least);
  for (let length: number = Math.max(kind.client, least); ; length--) {
    const ranges = withoutHalves(together(blocks, length, kind), kind, least);
    if (ranges.length <= mostRanges || length <= largest) return ranges;
  }
}

/** Those that share a prefix of that length become one: of the client's length at most, and no larger than it has to be. */
function together(blocks: readonly Block[], length: number, kind: Kind): Block[] {
  const groups = new Map<bigint, Block[]>();
  for (const block of blocks) {
    const prefix = cut(block.value, length, kind);
    const group = groups.get(prefix) ?? [];
    group.push(block);
    groups.set(prefix, group);
  }
  return [...groups.values()].map((group) => {
    const [first = noBlock] = group;
    const last = group.at(-1) ?? first;
    if (first === last) return first;
    let common = Math.max(kind.client, length);
    // They are in order, so what the first and the last share all do.
    while (cut(first.value, common, kind) !== cut(last.value, common, kind)) common--;
    return { value: cut(first.value, common, kind), length: common };
  });
}

const noBlock: Block = { value: 0n, length: 0 };

/** Two halves of a block become it: nothing else is let in by that. */
function withoutHalves(blocks: readonly Block[], kind: Kind, least: number): Block[] {
  const found: Block[] = [];
  for (const next of blocks) {
    let block = next;
    for (let before = found.at(-1); before?.length === block.length; before = found.at(-1)) {
      const length = block.length - 1;
      if (length < least || cut(before.value, length, kind) !== cut(block.value, length, kind)) break;
      found.pop();
      block = { value: before.value, length };
    }
    found.push(block);
  }
  return found;
}

function sorted(blocks: readonly Block[]): Block[] {
  const distinct = new Map(blocks.map((block) => [block.value, block]));
  return [...distinct.values()].sort((one, other) => (one.value < other.value ? -1 : 1));
}

function cut(value: bigint, length: number, { bits }: Kind): bigint {
  const hostBits = BigInt(bits - length);
  return (value >> hostBits) << hostBits;
}

function valueOf(address: Address): bigint {
  return BigInt(`0x${Buffer.from(address.toByteArray()).toString('hex')}`);
}

function rangeOf({ value, length }: Block, { bits }: Kind): AddressRange {
  const bytes = [...Buffer.from(value.toString(16).padStart(bits / 4, '0'), 'hex')];
  return { network: addressOfBytes(bytes), prefixLength: length };
}
