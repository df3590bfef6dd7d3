/** Somebody who has logged in to the console, in a browser with cookies of his own. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openPage } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { freePort } from '../support/free-port.js';
import { Person } from '../support/person.js';
import { TestService } from '../support/test-service.js';
import { patienceMs } from '../support/waiting.js';

export interface Console {
  service: TestService;
  origin: string;
}

/** A service that browsers reach by a name: sessions begin only where the connection is secure, or stays on this machine. */
export async function startConsole(): Promise<Console> {
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const service = await TestService.start({ LISTEN: `127.0.0.1:${String(port)}`, PUBLIC_URL: origin });
  return { service, origin };
}

export const withoutScripts: BrowserContextOptions = { javaScriptEnabled: false };

export class Visitor {
  /** What the browser complained about: refused scripts, styles and requests, and errors of the script. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    readonly person: Person,
    private readonly origin: string,
  ) {
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) this.complaints.push(message.text());
    });
  }

  static async logIn(
    { service, origin }: { service: Client; origin: string },
    user: string,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const person = await new Person(service).logInByLink(user);
    const first = await openPage(`${origin}/livez`);
    const context = await first.context().browser()?.newContext(options);
    if (context === undefined) throw new Error('the browser has gone');
    const [name = '', value = ''] = person.cookie.split('=');
    await context.addCookies([{ name, value, url: origin }]);
    return new Visitor(await context.newPage(), person, origin);
  }

  /** @returns the status of the answer */
  async open(path: string): Promise<number> {
    return (await this.page.goto(this.origin + path))?.status() ?? 0;
  }

  /** The visible text of the page, or of a part of it. */
  text(selector = 'main'): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  async click(role: 'button' | 'link', name: string | RegExp): Promise<void> {
    await this.page
      .getByRole(role, { name, exact: typeof name === 'string' })
      .first()
      .click();
  }
}
