import 'reflect-metadata';
import { Announcement } from './cli/announcement.js';
import { envFileWarnings, installationDir, loadConfig, settingNames, type Config } from './config/config.js';
import { createLogger, type Logger } from './config/logger.js';
import { missingPackage } from './config/missing-package.js';
import { serviceManagerVariables } from './config/service-manager-variables.js';
import { version } from './config/version.js';
import type { Finding } from './doctor/finding.js';
import { publicWithoutTls } from './doctor/public-without-tls.js';
import { trustedLoopback } from './doctor/trusted-loopback.js';
import { ServiceManager } from './network/service-manager.js';
import type { Service } from './service.js';
import { whatRuns } from './what-runs.js';
import { didYouMean } from './text/nearest-name.js';
import { visible } from './text/visible-text.js';

/** What a stop does besides waiting for commands. */
const closingMs = 30_000;
/** As a shell tells of a process that was ended by Ctrl-C. */
const interruptedCode = 130;

try {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  for (const name of config.unknownSettings)
    logger.warn(`${name} is set, but there is no such setting${didYouMean(name, settingNames)}`);
  for (const warning of [...envFileWarnings(), ...config.warnings]) logger.warn(warning);
  warnOf(trustedLoopback(config.trustedProxies), logger);
  const starting = loadAndStart(config, logger);
  // From the first moment on: a signal that comes while it starts ends it in order, too.
  const manager = ServiceManager.of(serviceManagerVariables(), process.pid, (error) => {
    logger.warn(error, 'systemd could not be notified');
  });
  const announcement = announcementOf(config);
  endOnSignals(starting, logger, () => {
    announcement.withdraw();
    return manager.stopping(config.commandTimeoutMs + closingMs);
  });
  const service = await starting;
  if (!announcement.publish() && config.runDirs.length > 0)
    logger.info(
      { folders: config.runDirs, socket: config.socketPath },
      'the command line may need HEARTHKEY_SOCKET to find this service: no folder for announcements can be written',
    );
  process.on('SIGHUP', () => {
    if (config.tls !== undefined) reloadTls(service, logger);
  });
  const { firstScreen } = await import('./first-screen.js');
  process.stdout.write(await firstScreen(service, config));
  warnOf(publicWithoutTls(config), logger);
  logger.info({ url: service.url, version }, 'serving');
  await manager.ready(`Serving at ${service.urls.join(', ')}`);
} catch (error) {
  const lines = (missingPackage(error) ?? (error instanceof Error ? error.message : String(error))).split(
    '\n',
  );
  for (const line of lines) process.stderr.write(`Hearthkey can't start: ${visible(line)}\n`);
  process.exit(1);
}

function warnOf(findings: readonly Finding[], logger: Logger): void {
  for (const { subject, problem, advice } of findings) logger.warn(`${subject}: ${problem}; ${advice}`);
}

/** Loading is most of a start, so settings that are refused are told before it. */
async function loadAndStart(config: Config, logger: Logger): Promise<Service> {
  const { startService } = await import('./service.js');
  return startService(config, logger);
}

function announcementOf({ socketPath: socket, dataDir, runDirs }: Config): Announcement {
  return new Announcement(
    { pid: process.pid, version, socket, dataDir, installation: installationDir },
    runDirs,
  );
}

/** @param onStop - called first; what it does takes no time from the stop */
function endOnSignals(starting: Promise<Service>, logger: Logger, onStop: () => Promise<void>): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // Who presses Ctrl-C twice doesn't wait. A service manager has a limit of its own, and kills.
    if (isStopping && signal === 'SIGINT') process.exit(interruptedCode);
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    void onStop();
    starting
      .then((service) => {
        const running = whatRuns(service.runningSinceMs(), performance.now());
        if (running !== undefined) process.stderr.write(`${running}\n`);
        return service.close();
      })
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
