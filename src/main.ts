import 'reflect-metadata';
import { envFileWarnings, loadConfig, type Config } from './config/config.js';
import { createLogger, type Logger } from './config/logger.js';
import { trustedLoopback } from './doctor/trusted-loopback.js';
import type { Service } from './service.js';
import { visible } from './text/visible-text.js';

try {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  for (const name of config.unknownSettings) logger.warn(`${name} is set, but there is no such setting`);
  for (const warning of envFileWarnings()) logger.warn(warning);
  for (const { subject, problem, advice } of trustedLoopback(config.trustedProxies))
    logger.warn(`${subject}: ${problem}; ${advice}`);
  const starting = loadAndStart(config, logger);
  // From the first moment on: a signal that comes while it starts ends it in order, too.
  endOnSignals(starting, logger);
  const service = await starting;
  process.on('SIGHUP', () => {
    if (config.tls !== undefined) reloadTls(service, logger);
  });
  const { firstScreen } = await import('./first-screen.js');
  process.stdout.write(await firstScreen(service, config));
  logger.info({ url: service.url }, 'serving');
} catch (error) {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  for (const line of lines) process.stderr.write(`Hearthkey can't start: ${visible(line)}\n`);
  process.exit(1);
}

/** Loading is most of a start, so settings that are refused are told before it. */
async function loadAndStart(config: Config, logger: Logger): Promise<Service> {
  const { startService } = await import('./service.js');
  return startService(config, logger);
}

function endOnSignals(starting: Promise<Service>, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    starting
      .then((service) => service.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal(error, 'could not stop in order');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

function reloadTls(service: Service, logger: Logger): void {
  try {
    service.reloadTls();
    logger.info('read the TLS certificate anew');
  } catch (error) {
    logger.error(error, 'the TLS certificate stays as it was');
  }
}
