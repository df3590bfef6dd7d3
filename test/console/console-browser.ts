/** Somebody at the console, in a real browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page, Response } from 'playwright-core';
import { openPage } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { Person } from '../support/person.js';
import { TestService } from '../support/test-service.js';

/** A service that its own machine reaches as `http://localhost:PORT`, as the console needs it without TLS. */
export async function startConsole(settings: Record<string, string> = {}): Promise<TestService> {
  const port = String(await freePort());
  return TestService.start({
    ...{ LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: `http://localhost:${port}` },
    ...settings,
  });
}

/** As the browser names it. */
export function originOf({ url }: Pick<TestService, 'url'>): string {
  return url.replace('127.0.0.1', 'localhost');
}

export const withoutScripts: BrowserContextOptions = { javaScriptEnabled: false };

export class ConsoleBrowser {
  /** What the browser refused by the Content-Security-Policy, and errors of the script. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    readonly origin: string,
    /** Who has logged in; of no use where nobody has. */
    readonly person: Person,
  ) {
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** With the session of a link that an operator made. */
  static async logIn(
    service: TestService,
    user: string,
    options: BrowserContextOptions = {},
  ): Promise<ConsoleBrowser> {
    const person = await new Person(service).logInByLink(user);
    const page = await openPage('about:blank', { locale: 'en', ...options });
    const [name = '', value = ''] = person.cookie.split('=');
    await page.context().addCookies([{ name, value, url: originOf(service) }]);
    const browser = new ConsoleBrowser(page, originOf(service), person);
    await browser.visit('/console');
    return browser;
  }

  static async open(
    service: TestService,
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<ConsoleBrowser> {
    const page = await openPage('about:blank', { locale: 'en', ...options });
    const browser = new ConsoleBrowser(page, originOf(service), new Person(service));
    await browser.visit(path);
    return browser;
  }

  async visit(path: string): Promise<Response> {
    const response = await this.page.goto(this.origin + path);
    if (response === null) throw new Error(`no answer at ${path}`);
    return response;
  }

  async click(role: 'button' | 'link', name: string | RegExp): Promise<void> {
    const exact = typeof name === 'string';
    await this.page.getByRole(role, { name, exact }).first().click();
  }

  /** Sends the form that has this button, and waits for the page that follows. */
  async press(button: string, within = 'body'): Promise<void> {
    await Promise.all([
      this.page.waitForEvent('domcontentloaded'),
      this.page.locator(within).getByRole('button', { name: button, exact: true }).click(),
    ]);
  }

  text(selector = 'main'): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  /** @returns what breaks WCAG 2.2 AA on the page, one line for each rule and element */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(axeSource);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const run = `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`;
    return this.page.evaluate<string[]>(run);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
