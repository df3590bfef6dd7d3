import { invalid } from '../../errors.js';
import type { Passkey } from './passkey.js';

type Library = typeof import('@simplewebauthn/server');

/** What a browser answers when it has made a passkey, in JSON as the standard has it. */
export type Attestation = Parameters<Library['verifyRegistrationResponse']>[0]['response'];
/** The same when one was used. */
export type Assertion = Parameters<Library['verifyAuthenticationResponse']>[0]['response'];
type Transports = NonNullable<Attestation['response']['transports']>;

export interface RelyingParty {
  /** Shown by browsers. */
  name: string;
  /** Scheme, name and port that the pages are read from; its name is what passkeys are bound to. */
  origin: string;
}

type Credential = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;
type IsGoodChallenge = (text: string) => boolean;

const timeoutMs = 5 * 60_000;

/** WebAuthn: what browsers are asked, and whether their answers are right. The user is always verified by it. */
export class WebAuthn {
  private library: Promise<Library> | undefined;
  private readonly rpID: string;

  constructor(private readonly relyingParty: RelyingParty) {
    this.rpID = new URL(relyingParty.origin).hostname;
  }

  async enrolmentOptions(
    challenge: Uint8Array<ArrayBuffer>,
    { user, handle }: { user: string; handle: Buffer },
    known: readonly Passkey[],
  ): Promise<object> {
    const { generateRegistrationOptions } = await this.load();
    return generateRegistrationOptions({
      rpName: this.relyingParty.name,
      rpID: this.rpID,
      userName: user,
      userID: new Uint8Array(handle),
      challenge,
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId: id, transports }) => ({
        id,
        transports: [...transports] as Transports,
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      timeout: timeoutMs,
    });
  }

  /** @throws AppError 2 */
  async verifyEnrolment(response: Attestation, isGood: IsGoodChallenge): Promise<Credential> {
    const { verifyRegistrationResponse } = await this.load();
    const verified = await verifyRegistrationResponse({
      ...{ response, expectedChallenge: isGood, requireUserVerification: true },
      ...{ expectedOrigin: this.relyingParty.origin, expectedRPID: this.rpID },
    }).catch(() => undefined); // it throws for every answer that is not right
    if (verified?.verified !== true) throw invalid('the passkey was not made for this request, try again');
    const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
    const key = Buffer.from(publicKey).toString('base64url');
    return { credentialId: id, publicKey: key, counter, transports: transports.filter(isTransport) };
  }

  async loginOptions(challenge: Uint8Array<ArrayBuffer>): Promise<object> {
    const { generateAuthenticationOptions } = await this.load();
    return generateAuthenticationOptions({
      ...{ rpID: this.rpID, challenge, userVerification: 'required' as const, timeout: timeoutMs },
    });
  }

  /** @returns how often it was used, as the authenticator says; undefined: the answer is not right */
  async verifyLogin(
    response: Assertion,
    passkey: Passkey,
    isGood: IsGoodChallenge,
  ): Promise<number | undefined> {
    const { verifyAuthenticationResponse } = await this.load();
    const publicKey = new Uint8Array(Buffer.from(passkey.publicKey, 'base64url'));
    const verified = await verifyAuthenticationResponse({
      ...{ response, expectedChallenge: isGood, requireUserVerification: true },
      ...{ expectedOrigin: this.relyingParty.origin, expectedRPID: this.rpID },
      // The counter is compared with the newest one, in the change that begins the session; the library would compare
      // it before it looks at the signature.
      credential: { id: passkey.credentialId, publicKey, counter: 0 },
    }).catch(() => undefined); // it throws for every answer that is not right
    return verified?.verified === true ? verified.authenticationInfo.newCounter : undefined;
  }

  /** Only where there are passkeys: it is large, and a service starts without it. */
  private load(): Promise<Library> {
    this.library ??= import('@simplewebauthn/server');
    return this.library;
  }
}

/** What a browser says of it is shown to browsers again. */
function isTransport(text: string): boolean {
  return /^[a-z-]{1,20}$/.test(text);
}
