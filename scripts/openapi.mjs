// npm run openapi: writes docs/openapi.json, the document that the built service serves at /openapi.json, and the types of
// @hearthkey/client that are made of it. With --check it only compares, and lints; it ends with 1 on a difference or a
// finding.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { inPackage, root, runQuietly } from './lib/run.mjs';

const file = join(root, 'docs/openapi.json');

/** From a service with an empty store: only what is registered with it counts. */
async function readDocument() {
  const { loadConfig } = await import('../dist/config/config.js');
  const { createLogger } = await import('../dist/config/logger.js');
  const { startService } = await import('../dist/service.js');
  const { OpenApi } = await import('../dist/http/openapi/openapi.js');
  const folder = mkdtempSync(join(tmpdir(), 'hearthkey-openapi-'));
  try {
    const settings = {
      HEARTHKEY_DATA_DIR: join(folder, 'data'),
      HEARTHKEY_LISTEN: `unix:${folder}/http.sock`,
    };
    const service = await startService(loadConfig(settings), createLogger('silent'));
    const { json } = await service.app.get(OpenApi, { strict: false }).read();
    await service.close();
    return json.text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lint() {
  // It stays on this machine.
  process.env.REDOCLY_TELEMETRY = 'off';
  process.env.REDOCLY_SUPPRESS_UPDATE_NOTICE = 'true';
  const config = join(root, 'scripts/lib/redocly.yaml');
  const cli = inPackage('@redocly/cli/bin/cli.js');
  const { code, output } = await runQuietly([process.execPath, cli, 'lint', file, '--config', config]);
  if (code !== 0) console.error(output);
  return code === 0;
}

async function run(isCheck) {
  if (!isCheck) {
    const { prepare } = await import('./lib/prepare.mjs');
    await prepare();
  }
  const { clientTypes, typesFile } = await import('./lib/client-types.mjs');
  const text = await readDocument();
  const made = [
    [file, text],
    [typesFile, await clientTypes(JSON.parse(text))],
  ];
  for (const [path, wanted] of made) {
    if (!isCheck) writeFileSync(path, wanted);
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== wanted) {
      console.error(`${relative(root, path)} is stale: run npm run openapi`);
      process.exitCode = 1;
    }
  }
  if (!(await lint())) process.exitCode = 1;
}

await run(process.argv.includes('--check'));
