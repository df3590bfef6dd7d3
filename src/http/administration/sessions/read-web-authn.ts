import { z } from 'zod';
import type { Assertion, Attestation } from '../../../sessions/passkeys/web-authn.js';
import { Problem } from '../problem.js';

/*
 * What browsers make with `toJSON()` of a credential (WebAuthn level 3). Only what is looked at is taken; that it is
 * right is asked by the library.
 */
const bytes = z
  .string()
  .max(16_384)
  .regex(/^[A-Za-z0-9_-]*$/);
const id = z
  .string()
  .min(1)
  .max(1400)
  .regex(/^[A-Za-z0-9_-]+$/);
const credential = { id, rawId: id, type: z.literal('public-key') };
const attestation = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
});
const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish(),
  }),
});

/** @throws Problem 400 */
export function readAttestation(value: unknown): Attestation {
  const { response, ...rest } = read(attestation, value, 'credential');
  const { transports = [], ...signed } = response;
  const known = transports;
  return { ...rest, clientExtensionResults: {}, response: { ...signed, transports: known } };
}

/** @throws Problem 400 */
export function readAssertion(value: unknown): Assertion {
  const { response, ...rest } = read(assertion, value, 'passkey');
  const { userHandle, ...signed } = response;
  const handle = userHandle === null || userHandle === undefined ? {} : { userHandle };
  return { ...rest, clientExtensionResults: {}, response: { ...signed, ...handle } };
}

function read<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const errors = (error?.issues ?? []).map(({ path, message }) => ({
    field: [field, ...path.map(String)].join('.'),
    message,
  }));
  const detail = `${field}: expected what a browser makes of a passkey (WebAuthn, in JSON)`;
  throw new Problem({ status: 400, reason: 'invalid_input', detail, errors });
}
