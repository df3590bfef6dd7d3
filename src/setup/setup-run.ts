import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig, type Config } from '../config/config.js';
import { AppError, ReturnCode } from '../errors.js';
import { CheckService, ownerOf, type Owner } from './check-service.js';
import { mustNotRun, check, mustBeFree, mustBeWritable } from './checks.js';
import { settingsIn, withSettings } from './env-settings.js';
import { changeFile } from './files.js';
import type { Journal } from './journal.js';
import type { SetupOptions } from './options.js';
import type { Step } from './run-steps.js';
import { findUnit, startUnit, takeOver, type Unit } from './unit.js';

/** What every kind of set-up has: the settings file, the service that is started for checks, and the unit. */
export class SetupRun {
  readonly unit: Unit | undefined = findUnit();
  private service: CheckService | undefined;
  private checked: { config: Config; text: string } | undefined;

  constructor(
    readonly envFile: string,
    readonly journal: Journal,
    readonly options: SetupOptions,
  ) {}

  get config(): Config {
    if (this.checked === undefined) throw new Error('the settings were not checked');
    return this.checked.config;
  }

  /** Whom new files belong to: the user that the service runs as, as far as a data directory shows it. */
  get owner(): Owner | undefined {
    const owner = ownerOf(this.config.dataDir);
    return process.geteuid?.() === 0 ? owner : undefined;
  }

  /** The settings as the file has them now. */
  present(): Record<string, string> {
    return settingsIn(this.envText(), this.envFile);
  }

  /**
   * @param files - settings that a file of its own will hold, with what it will hold
   * @throws AppError where the settings file, the places it names or another service is in the way
   */
  async checkSettings(
    wanted: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { envFile } = this;
    await check(
      'settings file',
      () => mustBeWritable(envFile),
      () => envFile,
    );
    const text = withSettings(this.envText(), wanted, envFile);
    const values = { ...settingsIn(text, envFile), ...files };
    for (const name of Object.keys(files)) values[`${name}_FILE`] = ''; // as if not set: it is written later
    this.checked = { text, config: loadConfig(values) };
    const { dataDir, listen } = this.config;
    await check(
      'data directory',
      () => {
        if (this.unit?.isActive !== true) mustNotRun(dataDir);
      },
      () => dataDir,
    );
    for (const place of listen) {
      const name = 'path' in place ? `unix:${place.path}` : `${place.host}:${String(place.port)}`;
      await check(
        'place to listen',
        () => (this.unit?.isActive === true ? undefined : mustBeFree(place)),
        () => name,
      );
    }
  }

  /** The steps that write the settings and start the service for the steps after them. */
  startSteps(): Step[] {
    const { unit, envFile } = this;
    const stop: Step = {
      title: `stop ${unit?.name ?? ''} while the set-up uses its data directory`,
      run: () => {
        if (unit !== undefined) takeOver(this.journal, unit);
        return undefined;
      },
    };
    return [
      ...(unit === undefined ? [] : [stop]),
      {
        title: `write the settings to ${envFile}`,
        run: () => {
          const { owner } = this;
          const content = Buffer.from(this.checked?.text ?? '');
          if (content.length === 0) return 'none are needed';
          const isNew = changeFile(this.journal, envFile, content, { mode: 0o600, owner });
          return isNew ? undefined : 'they are there already';
        },
      },
      {
        title: 'start the service for the steps below',
        run: async () => {
          this.service = await CheckService.start({ HEARTHKEY_ENV_FILE: envFile }, this.owner);
          return `data in ${this.config.dataDir}`;
        },
      },
    ];
  }

  /** The last steps: from here on the service runs as it does after each boot. */
  endSteps(): Step[] {
    const { unit } = this;
    const last: Step = {
      title: unit === undefined ? 'end the service that ran for these steps' : `start ${unit.name}`,
      run: async () => {
        await this.stopService();
        if (unit !== undefined) startUnit(unit);
        return unit === undefined
          ? 'start it for good now: hearthkey serve (in a clone: npm start)'
          : undefined;
      },
    };
    return [last];
  }

  /** Writes a file that only the service may read, such as one with a secret. */
  secretStep(title: string, file: string, content: string): Step {
    return {
      title: `${title} to ${file}`,
      run: () => {
        const { owner } = this;
        const isNew = changeFile(this.journal, file, Buffer.from(`${content}\n`), { mode: 0o600, owner });
        return isNew ? undefined : 'it is there already';
      },
    };
  }

  /** Where such files are: beside the settings. */
  secretFile(name: string): string {
    return join(dirname(this.envFile), name);
  }

  async stopService(): Promise<void> {
    await this.service?.stop();
    this.service = undefined;
  }

  private envText(): string {
    if (!existsSync(this.envFile)) return '';
    const bytes = readFileSync(this.envFile);
    const text = bytes.toString('utf8');
    if (Buffer.from(text).equals(bytes)) return text;
    throw new AppError(ReturnCode.PARSING, `${this.envFile} is not UTF-8`);
  }
}
