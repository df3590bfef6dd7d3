import {
  coverEverything,
  formatAddressRange,
  parseAddressRange,
  rangeContains,
  type Address,
  type AddressRange,
} from '../network/address-range.js';

/** The entry that lets everybody in, also a request whose address nobody knows. */
export const allowAll = 'allow-all';
/** Lets every address in where access keys are used, as Hestia does; legacy credentials it does not. */
export const anyAddress = '0.0.0.0';

/** When there are more, they are begun anew. */
const keptAnswers = 10_000;

/**
 * The one spelling of an entry that is kept: `allow-all`, an address, or a range without host bits.
 *
 * @returns undefined when the text is none of these
 */
export function normaliseEntry(text: string): string | undefined {
  if (text === allowAll) return allowAll;
  const range = parseAddressRange(text);
  const entry = range && formatAddressRange(range);
  // Who writes `0.0.0.0/32` or `::ffff:0:0` doesn't mean everybody.
  return entry === anyAddress && text !== anyAddress ? undefined : entry;
}

/** Entries as an operator writes them in one text: between commas or on lines; blanks and empty items don't count. */
export function splitEntries(text: string): string[] {
  return text.split(/[\s,]+/).filter((entry) => entry !== '');
}

/** API_ALLOWED_IP, ready to be asked. Empty: nobody. */
export class AllowList {
  private readonly single = new Set<string>();
  private readonly ranges: AddressRange[] = [];
  /** Whether a range has the address in it, for those that asked lately: there may be many ranges. */
  private readonly inRange = new Map<string, boolean>();
  private readonly letsEverybodyIn: boolean;
  private readonly letsEveryAddressIn: boolean;

  constructor(entries: readonly string[]) {
    this.letsEverybodyIn = entries.includes(allowAll);
    this.letsEveryAddressIn = entries.includes(anyAddress);
    for (const entry of entries) {
      const range = entry.includes('/') ? parseAddressRange(entry) : undefined;
      if (range === undefined) this.single.add(entry);
      else this.ranges.push(range);
    }
  }

  /**
   * @param address - the client's; undefined when it isn't known: only `allow-all` lets such a request in
   * @param text - the same, as `formatAddress` writes it
   * @param credential - for legacy credentials `0.0.0.0` is an address like any other
   */
  allows(address: Address | undefined, text: string, credential: 'access_key' | 'legacy'): boolean {
    if (this.letsEverybodyIn) return true;
    if (address === undefined) return false;
    if (this.letsEveryAddressIn && credential === 'access_key') return true;
    return this.single.has(text) || this.isInRange(address, text);
  }

  /** Whether each address is let in where access keys are used, whatever it is. */
  allowsEveryAddress(): boolean {
    return this.letsEverybodyIn || this.letsEveryAddressIn || coverEverything(this.ranges);
  }

  private isInRange(address: Address, text: string): boolean {
    if (this.ranges.length === 0) return false;
    let isIn = this.inRange.get(text);
    if (isIn === undefined) {
      isIn = this.ranges.some((range) => rangeContains(range, address));
      if (this.inRange.size >= keptAnswers) this.inRange.clear();
      this.inRange.set(text, isIn);
    }
    return isIn;
  }

  /** Whether an entry names exactly this address, so that it is somebody's known machine and no mere part of a range. */
  listsSingly(text: string): boolean {
    return text !== anyAddress && text !== allowAll && this.single.has(text);
  }
}
