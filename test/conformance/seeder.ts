/** Lays starting states: what the service makes at its first start, and the rest through its own stores. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type CaseFolder, makeCaseFolder } from './case-folder.js';
import type { Seeder } from './run-case.js';
import { Hashes, writeStores } from './seed-store.js';
import { Service } from './service.js';
import type { StartingState } from './state.js';

/**
 * Starts the built service once on an empty folder and keeps what it made as the template of all cases. A state that
 * several cases share is written once and copied for each.
 */
export async function prepareSeeder(installation: string, parent: string): Promise<Seeder> {
  const template = makeCaseFolder(parent, 'template');
  const service = await Service.start({ installation, folder: template, lang: 'en_US.UTF-8' });
  const problem = await service.stop();
  if (problem !== undefined) throw new Error(problem);
  rmSync(join(template.dataDir, 'run'), { recursive: true, force: true });
  const hashes = new Hashes();
  const prepared = new Map<string, Promise<string>>();
  const prepare = async (state: StartingState, number: number): Promise<string> => {
    const dataDir = join(parent, `state-${number}`);
    cpSync(template.dataDir, dataDir, { recursive: true, preserveTimestamps: true });
    layRoleFiles(join(dataDir, 'api'), state);
    await writeStores(hashes, dataDir, state);
    return dataDir;
  };
  return {
    async seed(folder, state) {
      const key = inspect(state, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity });
      const dataDir = prepared.get(key) ?? prepare(state, prepared.size);
      prepared.set(key, dataDir);
      cpSync(await dataDir, folder.dataDir, { recursive: true, preserveTimestamps: true });
      layTemporaryFiles(folder, state);
    },
  };
}

function layRoleFiles(apis: string, state: StartingState): void {
  if (!state.hasShippedApis) {
    rmSync(apis, { recursive: true });
    mkdirSync(apis);
  }
  for (const [name, text] of state.apiFiles) {
    if (text === null) rmSync(join(apis, name), { force: true });
    else writeFileSync(join(apis, name), text);
  }
}

function layTemporaryFiles(folder: CaseFolder, state: StartingState): void {
  for (const [name, text] of state.temporaryFiles) {
    writeFileSync(join(folder.tempDir, name.replace(/^\/?tmp\//, '')), text);
  }
}
