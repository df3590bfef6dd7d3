/** Addresses and their spellings for property tests, made from numbers and not with the code under test. */
import fc from 'fast-check';

/** An IPv4 address as its 32 bits. */
export const ipv4Number = fc.bigInt({ min: 0n, max: 0xffff_ffffn });

/** An IPv6 address as its 128 bits; runs of zeros are as frequent as in real ones. */
export const ipv6Number = fc
  .array(fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n))
  .filter((value) => !isMapped(value));

export function isMapped(value: bigint): boolean {
  return value >> 32n === 0xffffn;
}

export function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

function groupsOf(value: bigint): string[] {
  return Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
}

/** All eight groups written out. */
export function fullIpv6(value: bigint): string {
  return groupsOf(value).join(':');
}

/** The same address in other ways: upper case, leading zeros, one run of zeros left out, an IPv4 tail. */
export function spellingsOfIpv6(value: bigint): string[] {
  const groups = groupsOf(value);
  const plain = groups.join(':');
  const padded = groups.map((group) => group.padStart(4, '0')).join(':');
  const withTail = `${groups.slice(0, 6).join(':')}:${dotted(value & 0xffff_ffffn)}`;
  const shortened: string[] = [];
  for (let start = 0; start < 8; start++) {
    for (let end = start + 1; end <= 8; end++) {
      if (groups.slice(start, end).some((group) => group !== '0')) break;
      if (end <= 6) {
        const tail = [...groups.slice(end, 6), dotted(value & 0xffff_ffffn)];
        shortened.push(`${groups.slice(0, start).join(':')}::${tail.join(':')}`);
      }
      shortened.push(`${groups.slice(0, start).join(':')}::${groups.slice(end).join(':')}`);
    }
  }
  return [plain, plain.toUpperCase(), padded, padded.toUpperCase(), withTail, ...shortened];
}

/** An IPv4 address as IPv6 writes it when it is mapped. */
export function spellingsOfMapped(value: bigint): string[] {
  const high = (value >> 16n).toString(16);
  const low = (value & 0xffffn).toString(16);
  return [
    `::ffff:${dotted(value)}`,
    `::FFFF:${dotted(value)}`,
    `0:0:0:0:0:ffff:${dotted(value)}`,
    `::ffff:${high}:${low}`,
    `0000:0000:0000:0000:0000:FFFF:${high.padStart(4, '0')}:${low.padStart(4, '0')}`,
  ];
}
