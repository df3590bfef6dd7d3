/** The scan can't go on: not what is read is at fault, but who judges or reports it. It ends with exit code 2. */
export class ScanFailed extends Error {
  static from(error: unknown): ScanFailed {
    if (error instanceof ScanFailed) return error;
    return new ScanFailed(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
