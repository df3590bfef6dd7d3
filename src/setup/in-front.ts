import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError, ReturnCode } from '../errors.js';
import { CheckService } from './check-service.js';
import { check } from './checks.js';
import { mustRun } from './operator.js';
import { ask, askSecret, say, secretFrom } from './output.js';
import type { Step } from './run-steps.js';
import type { SetupRun } from './setup-run.js';
import { checkStep } from './standalone.js';

/** In front of a panel elsewhere: allowed commands run there, with a key of Hearthkey's own. */
export async function inFront(run: SetupRun): Promise<Step[]> {
  const { options } = run;
  const url = options.upstreamUrl ?? (await ask('The panel (https://…)', '--upstream-url'));
  const id = options.accessKey ?? (await ask("The ID of Hearthkey's own access key there", '--access-key'));
  const { secretFile } = options;
  const secret =
    secretFile === undefined
      ? await askSecret("The secret of that key (it isn't shown)", '--secret-file')
      : secretFrom(secretFile);
  if (secret === '') throw new AppError(ReturnCode.ARGS, 'the secret is empty');
  const file = run.secretFile('panel-secret');
  const settings = {
    HEARTHKEY_UPSTREAM_URL: url,
    HEARTHKEY_UPSTREAM_ACCESS_KEY: id,
    ...(options.ca !== undefined && { HEARTHKEY_UPSTREAM_CA: resolve(options.ca) }),
  };
  say('checks:');
  await check('Node.js', () => process.version, String);
  const wanted = { ...settings, HEARTHKEY_UPSTREAM_SECRET_KEY_FILE: file };
  await run.checkSettings(wanted, { HEARTHKEY_UPSTREAM_SECRET_KEY: secret });
  const { rootUser } = run.config;
  await check(
    'panel',
    () => askPanel({ ...settings, HEARTHKEY_ROOT_USER: rootUser }, secret),
    (count) => `it lets this key in, and has ${String(count)} users`,
  );
  return [
    run.secretStep('write the secret', file, secret),
    ...run.startSteps(),
    checkStep(run),
    ...run.endSteps(),
  ];
}

/** Lists the panel's users through the service itself, in a temporary folder: nothing here or there is changed. */
async function askPanel(settings: Readonly<Record<string, string>>, secret: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkey-'));
  const secretFile = join(folder, 'secret');
  let service: CheckService | undefined;
  try {
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
    service = await CheckService.start({
      ...settings,
      HEARTHKEY_UPSTREAM_SECRET_KEY_FILE: secretFile,
      HEARTHKEY_ENV_FILE: 'none',
      HEARTHKEY_DATA_DIR: join(folder, 'data'),
      HEARTHKEY_LISTEN: '127.0.0.1:0',
    });
    const users = await mustRun(join(folder, 'data/run/admin.sock'), 'v-list-users', 'json');
    return Object.keys(JSON.parse(users) as object).length;
  } finally {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
