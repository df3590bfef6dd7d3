/** A service as a hosting machine has it: HTTPS, and a panel whose commands keep what they do in files. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority, type Certificate } from '../support/certificates.js';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { runProcess, ServiceProcess, type ProcessResult } from '../support/processes.js';

const programs = join(import.meta.dirname, 'programs');

export interface Panel {
  service: ServiceProcess;
  /** What every client needs to find the service: `URL`, `CA_FILE`. */
  place: Readonly<Record<'URL' | 'CA_FILE', string>>;
  authority: CertificateAuthority;
  certificate: Certificate;
  /** Where `v-make-tmp-file` makes its files. */
  tmpDir: string;
  /** What the commands of the panel have kept: a folder for each user. */
  recordsDir: string;
}

/** Starts one that lets this machine in by every way: legacy credentials and the access keys of all users. */
export async function startPanel(settings: Readonly<Record<string, string>> = {}): Promise<Panel> {
  const folder = temporaryFolder();
  const commandsDir = join(folder, 'commands');
  const tmpDir = join(folder, 'tmp');
  cpSync(join(import.meta.dirname, 'panel'), commandsDir, { recursive: true });
  const recordsDir = join(folder, 'records');
  for (const name of [tmpDir, recordsDir]) mkdirSync(name);
  const authority = new CertificateAuthority();
  const certificate = authority.issue('first');
  const all = {
    COMMANDS_DIR: commandsDir,
    TMP_DIR: tmpDir,
    TLS_CERT: certificate.certFile,
    TLS_KEY: certificate.keyFile,
    ...settings,
  };
  const service = await ServiceProcess.start(all, authority.ca);
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  const place = { URL: `${service.url}/api/`, CA_FILE: authority.caFile };
  return { service, place, authority, certificate, tmpDir, recordsDir };
}

/** Runs one of `programs/`, with an empty environment but for this. */
export function runClient(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProcessResult> {
  const file = join(programs, program);
  if (program.endsWith('.php')) return runProcess('php', [file, ...args], { env });
  if (program.endsWith('.mjs')) return runProcess(process.execPath, [file, ...args], { env });
  return runProcess(file, args, { env });
}

/**
 * What one of `programs/` prints on standard output, by lines; throws unless it ends with the code that is expected and
 * says nothing on standard error.
 */
export async function linesOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  expectedCode = 0,
): Promise<string[]> {
  const { code, stdout, stderr } = await runClient(program, args, env);
  if (code !== expectedCode || stderr !== '')
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`);
  return stdout.trimEnd().split('\n');
}

/** A key's two halves as the samples call them. */
export function keyInTwo(key: Key): Readonly<Record<'ACCESS_KEY' | 'SECRET_KEY', string>> {
  return { ACCESS_KEY: key.id, SECRET_KEY: key.secret };
}
