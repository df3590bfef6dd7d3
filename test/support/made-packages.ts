/** Packages, made as `npm run package` makes them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from './folders.js';
import type { Client, Key } from './client.js';
import { runProcess } from './processes.js';

/** @returns the file that was made */
export async function makePackage(
  kind: 'npm' | 'deb',
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const out = temporaryFolder();
  const script = join(installation, 'scripts/package.mjs');
  // The least compression: it is most of the work, and the files are the same.
  const args = [script, kind, '--arch', 'amd64', '--level', '0', '--out', out];
  // npm and its cache have their places at home.
  const home = { HOME: process.env['HOME'] ?? '/root', SOURCE_DATE_EPOCH: '1790000000', ...env };
  const { code, stderr } = await runProcess(process.execPath, args, { env: home, timeoutMs: 550_000 });
  const [file, ...more] = readdirSync(out);
  if (code !== 0 || file === undefined || more.length > 0) throw new Error(`no package was made: ${stderr}`);
  return join(out, file);
}

/** Asks a service for a decision, as a gateway does. */
export async function decide(
  service: Client,
  key: Key,
  command: string,
  ...args: string[]
): Promise<boolean> {
  const question = { accessKeyId: key.id, secretAccessKey: key.secret, command, args, clientIp: '127.0.0.1' };
  const headers = { 'Content-Type': 'application/json' };
  const answer = await service.request('POST', '/v1/authorize', JSON.stringify(question), { headers });
  return (JSON.parse(answer.body) as { allowed: boolean }).allowed;
}
