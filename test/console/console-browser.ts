/** Somebody at the console, in a real browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page, Response } from 'playwright-core';
import { openPage } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { linkToken } from '../support/person.js';
import { TestService } from '../support/test-service.js';

/** A service that its own machine reaches as `http://localhost:PORT`, as the console needs it without TLS. */
export async function startConsole(settings: Record<string, string> = {}): Promise<TestService> {
  const port = String(await freePort());
  return TestService.start({
    ...{ LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: `http://localhost:${port}` },
    ...settings,
  });
}

export class ConsoleBrowser {
  /** What the browser refused by the Content-Security-Policy, and errors of the script. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    readonly origin: string,
  ) {
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** Logs in by a link, as an operator makes it. */
  static async logIn(
    service: TestService,
    user: string,
    options: BrowserContextOptions = {},
  ): Promise<ConsoleBrowser> {
    const browser = await ConsoleBrowser.open(service, '/console/login', options);
    const { page } = browser;
    const token = await linkToken(service, user);
    await page.locator('details:has([name=token]) > summary').click();
    await page.locator('[name=token]').fill(token);
    await page.locator('form:has([name=token]) button').click();
    await page.waitForURL((url) => url.pathname === '/console');
    return browser;
  }

  static async open(
    service: TestService,
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<ConsoleBrowser> {
    const origin = service.url.replace('127.0.0.1', 'localhost');
    const page = await openPage('about:blank', { locale: 'en', ...options });
    const browser = new ConsoleBrowser(page, origin);
    await browser.visit(path);
    return browser;
  }

  async visit(path: string): Promise<Response> {
    const response = await this.page.goto(this.origin + path);
    if (response === null) throw new Error(`no answer at ${path}`);
    return response;
  }

  /** Sends the form that has this button, and waits for the page that follows. */
  async press(button: string, within = 'body'): Promise<void> {
    await Promise.all([
      this.page.waitForEvent('domcontentloaded'),
      this.page.locator(within).getByRole('button', { name: button, exact: true }).click(),
    ]);
  }

  text(selector = 'main'): Promise<string> {
    return this.page.locator(selector).innerText();
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
