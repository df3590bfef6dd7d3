import pg from 'pg';

/** SQLSTATE read_only_sql_transaction: a standby says so to every statement that would change something. */
const readOnlyCode = '25006';

/** A server that can be reached, and can't keep what the service promises. */
export class UnusableServer extends Error {
  /** As that of a server's answer. */
  readonly code?: string;

  constructor(message: string, { isStandby = false } = {}) {
    super(message);
    if (isStandby) this.code = readOnlyCode;
  }
}

/** Whether the server is one that takes no changes. */
export function isReadOnly(error: unknown): boolean {
  return (error as { code?: unknown }).code === readOnlyCode;
}

/** Whether a server said so; otherwise the connection was lost, or nothing was said in time. */
export function isOfServer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError;
}

/** Whether the connection is of no more use: the server ends it, or it is open what the server is doing. */
export function endsConnection(error: unknown): boolean {
  // An answer of the server has a code of five characters.
  return !isOfServer(error) || isFarewell(error.code);
}

/** Classes 08 and 57P: the server ends the connection, or is about to. A server that takes no changes is no use. */
function isFarewell(code: string | undefined): boolean {
  if (code === undefined || code.startsWith('08') || code.startsWith('57P')) return true;
  return code === '25P03' || code === readOnlyCode;
}

/** A server's error can quote rows, hashes among them, in properties that a log prints. Its message and code do not. */
export function withoutRows(error: unknown): Error {
  if (error instanceof UnusableServer) return error;
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  const text = message || (errors?.map((each) => each.message).join('; ') ?? '') || (code ?? 'unknown error');
  return Object.assign(new Error(text), code === undefined ? {} : { code });
}
