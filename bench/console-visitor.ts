import type { BenchService } from './service.js';

/** The root user in a browser that has logged in to the console. */
export class ConsoleVisitor {
  private constructor(
    private readonly origin: string,
    private readonly cookie: string,
  ) {}

  static async logIn(service: BenchService): Promise<ConsoleVisitor> {
    const origin = `http://127.0.0.1:${String(service.port)}`;
    const { output } = service.command('hearthkey', ['login-link', 'admin']);
    const token = /token=([\w-]+)/.exec(output)?.[1];
    const response = await fetch(`${origin}/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (response.status !== 201) throw new Error(`${String(response.status)} ${await response.text()}`);
    return new ConsoleVisitor(origin, response.headers.get('set-cookie')?.split(';', 1)[0] ?? '');
  }

  /** Milliseconds of each reading. */
  async times(path: string, rounds: number): Promise<number[]> {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push((await this.read(path)).wholeMs);
    return times;
  }

  async read(path: string): Promise<{ firstByteMs: number; wholeMs: number }> {
    const startedMs = performance.now();
    const response = await fetch(this.origin + path, { headers: { Cookie: this.cookie } });
    const firstByteMs = performance.now() - startedMs;
    const text = await response.text();
    if (response.status !== 200 || !text.includes('</html>'))
      throw new Error(`${String(response.status)} ${text}`);
    return { firstByteMs, wholeMs: performance.now() - startedMs };
  }
}
