// Runs the built service for one case after another, each with settings and data of its own and closed in order at its
// end. Loading the service's code takes longer than most cases, so that is done once.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [installation = ''] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(installation, file)).href);
await load('node_modules/reflect-metadata/Reflect.js');
const { loadConfig } = await load('dist/config/config.js');
const { createLogger } = await load('dist/config/logger.js');
const { startService } = await load('dist/service.js');

let service;

async function follow({ settings }) {
  if (settings === undefined) {
    await service.close();
    return;
  }
  const config = loadConfig(settings);
  service = await startService(config, createLogger(config.logLevel));
}

process.on('message', (order) => {
  follow(order).then(
    () => process.send({}),
    (error) => process.send({ problem: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
