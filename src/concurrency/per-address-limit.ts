import { AppError, ReturnCode } from '../errors.js';

/** A flood of guesses from one address leaves room for the others'. */
const places = 8;

/** How many guesses of one address may wait for a slow hash at a time. */
export class PerAddressConcurrencyLimit {
  private readonly taken = new Map<string, number>();

  /** @param what - what is checked, in the plural */
  constructor(private readonly what: string) {}

  /** @throws AppError 14 when the address has no place left */
  async take<T>(address: string, work: () => Promise<T>): Promise<T> {
    const taken = this.taken.get(address) ?? 0;
    if (taken >= places)
      throw new AppError(
        ReturnCode.BUSY,
        `too many ${this.what} from this address are being checked, try again`,
      );
    this.taken.set(address, taken + 1);
    try {
      return await work();
    } finally {
      const left = (this.taken.get(address) ?? 1) - 1;
      if (left === 0) this.taken.delete(address);
      else this.taken.set(address, left);
    }
  }
}
