import { AppError, ReturnCode } from '../errors.js';
import { deny, type Deny } from './access-request.js';

/** A decision that could not be made denies. What is more than a refusal is told to `onError`. */
export function denyForError(error: unknown, onError: (error: unknown) => void): Deny {
  if (error instanceof AppError && error.code === ReturnCode.BUSY) return deny('overloaded');
  // Without a lease: the lease has reported why.
  if (!(error instanceof AppError)) onError(error);
  return deny('store_unavailable');
}

/** The decision, once it is recorded. One that can't be recorded denies; the audit log has reported why. */
export async function onceRecorded<Decision>(
  decision: Decision,
  record: (decision: Decision) => Promise<void>,
): Promise<Decision | Deny> {
  try {
    await record(decision);
    return decision;
  } catch {
    return deny('audit_unavailable');
  }
}
