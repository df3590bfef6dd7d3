/** The service inside the test's own process: fast, open to a look inside, and it counts for coverage. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InjectionToken } from '@nestjs/common';
import { pino } from 'pino';
import { loadConfig, type Config } from '../../src/config/config.js';
import { startService, type Service } from '../../src/service.js';
import { atEnd } from './clean-up.js';
import { Client } from './client.js';
import { ownSettings } from './own-environment.js';

const running = new Set<TestService>();

export class TestService extends Client {
  private constructor(
    private readonly service: Service,
    readonly config: Config,
    private readonly logLines: string[],
  ) {
    super(service.url, config.socketPath);
    running.add(this);
  }

  /**
   * @param settings - without `HEARTHKEY_`; a free port and a new data directory unless they say otherwise
   * @param overrides - what no setting says, such as time limits
   */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    overrides: Partial<Config> = {},
  ): Promise<TestService> {
    const config = { ...loadConfig(ownSettings(settings)), ...overrides };
    const lines: string[] = [];
    const logger = pino({ level: config.logLevel }, { write: (line: string) => void lines.push(line) });
    return new TestService(await startService(config, logger), config, lines);
  }

  /** One that lets everybody of this machine in, with these users. */
  static async startOpen(
    users: readonly string[],
    settings: Readonly<Record<string, string>> = {},
    overrides: Partial<Config> = {},
  ): Promise<TestService> {
    const service = await TestService.start(settings, overrides);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
    for (const user of users) await service.addUser(user);
    return service;
  }

  get dataDir(): string {
    return this.config.dataDir;
  }

  get log(): string {
    return this.logLines.join('');
  }

  get authLog(): string[] {
    return readFileSync(join(this.dataDir, 'auth.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  /** A part of the running service. */
  part<T>(token: InjectionToken<T>): T {
    return this.service.app.get(token, { strict: false });
  }

  async close(): Promise<void> {
    if (running.delete(this)) await this.service.close();
  }
}

atEnd(async () => {
  for (const service of running) await service.close();
});
