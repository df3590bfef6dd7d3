/** Debian's Chromium without a screen, driven over its own protocol. */
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type CDPSession,
  type Page,
} from 'playwright-core';
import { atEnd } from './clean-up.js';
import { programPath } from './programs.js';
import { patienceMs } from './waiting.js';

let started: Promise<Browser> | undefined;

/** A new page with cookies of its own; the browser is there until the test file ends. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  started ??= start();
  const context = await (await started).newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  await page.goto(url);
  return page;
}

async function start(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: programPath('chromium-headless-shell'),
    // As root it has no sandbox; nothing but the service's own pages is opened.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    timeout: patienceMs,
  });
  atEnd(() => browser.close());
  return browser;
}

export interface StoredCredential {
  credentialId: string;
  isResidentCredential: boolean;
  rpId?: string;
  privateKey: string;
  userHandle?: string;
  signCount: number;
}

/** An authenticator that is a part of the browser, whose user is there and verified unless said otherwise. */
export class VirtualAuthenticator {
  private constructor(
    private readonly session: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  static async addTo(page: Page): Promise<VirtualAuthenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    return new VirtualAuthenticator(session, authenticatorId);
  }

  async credentials(): Promise<StoredCredential[]> {
    const { authenticatorId } = this;
    return (await this.session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  }

  /** Puts a key into it that another one has, as somebody does who has copied it. */
  async copyIn(credential: StoredCredential): Promise<void> {
    const { authenticatorId } = this;
    await this.session.send('WebAuthn.addCredential', { authenticatorId, credential });
  }

  async verifiesUser(isUserVerified: boolean): Promise<void> {
    const { authenticatorId } = this;
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  }
}
