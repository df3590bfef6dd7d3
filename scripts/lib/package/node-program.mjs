import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npm, root, runQuietly } from '../run.mjs';

const pinned = JSON.parse(readFileSync(join(root, 'deploy/debian/node.json'), 'utf8'));

/**
 * The archive of the Node.js that a package carries: fetched with npm once, and compared with the digest in
 * deploy/debian/node.json.
 *
 * @param arch - `x64` or `arm64`, as Node.js names them
 * @returns its path; `package/bin/node` and `package/LICENSE` are in it
 */
export async function nodeArchive(arch) {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hearthkey');
  const name = `node-linux-${arch}-${pinned.version}.tgz`;
  const file = join(cache, name);
  if (isRight(file, arch)) return file;
  const draft = join(cache, `fetch-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  const wanted = `node-linux-${arch}@${pinned.version}`;
  const { code, output } = await runQuietly(npm('pack', wanted, '--pack-destination', draft, '--silent'));
  if (code !== 0) throw new Error(`${wanted} could not be fetched: ${output}`);
  if (!isRight(join(draft, name), arch))
    throw new Error(`${wanted} is not what deploy/debian/node.json says`);
  renameSync(join(draft, name), file);
  return file;
}

export const nodeVersion = pinned.version;

function isRight(file, arch) {
  try {
    const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
    return `sha512-${digest}` === pinned.integrity[arch];
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}
