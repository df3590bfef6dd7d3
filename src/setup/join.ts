import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { readTrustedCertificates } from '../config/trusted-certificates.js';
import { version } from '../config/version.js';
import { AppError, ReturnCode } from '../errors.js';
import { parsePepper, readPepper } from '../secrets/pepper.js';
import { inspectServer } from '../storage/postgres/postgres-database.js';
import { RedisConnection } from '../storage/redis/redis-connection.js';
import { check } from './checks.js';
import { makeFolder } from './files.js';
import { askSecret, say, secretFrom } from './output.js';
import type { Step } from './run-steps.js';
import type { SetupRun } from './setup-run.js';
import { checkStep } from './standalone.js';

/** One more node on the database of others, with their pepper. */
export async function join(run: SetupRun): Promise<Step[]> {
  const { options } = run;
  if (options.databaseUrlFile === '-' && options.pepperFile === '-')
    throw new AppError(ReturnCode.ARGS, 'only one of the secrets can come from standard input');
  const databaseUrl =
    options.databaseUrlFile === undefined
      ? await askSecret("The URL of the database (it isn't shown)", '--database-url-file')
      : secretFrom(options.databaseUrlFile);
  const redisUrl = options.redisUrlFile === undefined ? undefined : secretFrom(options.redisUrlFile);
  const urlFile = run.secretFile('database-url');
  const redisFile = run.secretFile('redis-url');
  say('checks:');
  await check('Node.js', () => process.version, String);
  await run.checkSettings(
    {
      HEARTHKEY_DATABASE_URL_FILE: urlFile,
      ...(redisUrl !== undefined && { HEARTHKEY_REDIS_URL_FILE: redisFile }),
    },
    { HEARTHKEY_DATABASE_URL: databaseUrl, ...(redisUrl !== undefined && { HEARTHKEY_REDIS_URL: redisUrl }) },
  );
  const pepper = await checkDatabase(run);
  if (run.config.redis !== undefined)
    await check(
      'Redis',
      () => checkRedis(run.config),
      () => 'it answers',
    );
  const { dataDir, pepperFile } = run.config;
  const folder: Step = {
    title: `make ${dataDir}`,
    run: () => void makeFolder(run.journal, dataDir, 0o700),
  };
  return [
    ...(existsSync(dataDir) ? [] : [folder]),
    ...(pepper === undefined ? [] : [run.secretStep('write the pepper', pepperFile, pepper)]),
    run.secretStep('write the URL of the database', urlFile, databaseUrl),
    ...(redisUrl === undefined ? [] : [run.secretStep('write the URL of Redis', redisFile, redisUrl)]),
    ...run.startSteps(),
    checkStep(run),
    ...run.endSteps(),
  ];
}

/** @returns the pepper that has to be written; undefined where its file is there */
async function checkDatabase({ config, options }: SetupRun): Promise<string | undefined> {
  const { databaseServer, pepperFile } = config;
  if (databaseServer === undefined) throw new AppError(ReturnCode.ARGS, 'expected the URL of the database');
  const { pepperId } = await check(
    'database',
    async () => {
      try {
        return await inspectServer(databaseServer);
      } catch (error) {
        throw new AppError(ReturnCode.DATABASE, (error as Error).message, { cause: error });
      }
    },
    (found) => `nodes there: ${found.nodes.join(', ') || 'none'}; this one is ${version}`,
  );
  if (pepperId === undefined)
    throw new AppError(
      ReturnCode.NOT_EXIST,
      'no node has used this database: set up the first one with standalone',
    );
  const given = options.pepperFile === undefined ? undefined : secretFrom(options.pepperFile);
  const pepper = given === undefined ? readPepper(pepperFile) : parsePepper(given);
  if (pepper === undefined) {
    throw new AppError(
      given === undefined ? ReturnCode.NOT_EXIST : ReturnCode.INVALID,
      given === undefined
        ? 'expected --pepper-file: the pepper of the other nodes'
        : 'the pepper is not 32 bytes in base64',
    );
  }
  if (pepper.identifier() !== pepperId)
    throw new AppError(ReturnCode.INVALID, "the pepper is not that of the database's nodes: copy theirs");
  say('  ok  pepper: it is that of the other nodes');
  return given;
}

async function checkRedis({ redis }: Config): Promise<void> {
  if (redis === undefined) return;
  let reason = 'it does not answer';
  const events = {
    onLost: (why: string) => (reason = why),
    onRefused: (why: string) => (reason = why),
    onBack: () => undefined,
  };
  const { caFile } = redis;
  const trusted = caFile === undefined ? [] : readTrustedCertificates('HEARTHKEY_REDIS_CA', caFile);
  const connection = new RedisConnection({ ...redis, trusted }, events);
  try {
    await connection.open();
    if (!connection.isUp) throw new AppError(ReturnCode.CONNECT, `Redis can't be used: ${reason}`);
  } finally {
    connection.close();
  }
}
