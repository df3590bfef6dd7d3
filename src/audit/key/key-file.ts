import { accessSync, chmodSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { makeWholeFile, replaceWholeFile } from '../../storage/sqlite/whole-file.js';
import { AuditKey, formatVerifierKey } from './audit-key.js';

export class AuditKeyError extends Error {}

export interface FoundKey {
  key: AuditKey;
  /** False: there was none, and it was made. */
  wasThere: boolean;
}

/** Apart from the data directory: who can write that one can't forge the record with what he finds in it. */
export function defaultKeyFile(dataDir: string): string {
  return join(`${resolve(dataDir)}-audit`, 'key');
}

/** Where the head of the record is kept: beside the key, or, where nothing can be written there, beside the data. */
export function headFileFor(keyFile: string, dataDir: string): string {
  const name = `${basename(keyFile)}.head`;
  try {
    accessSync(dirname(keyFile), constants.W_OK);
    return join(dirname(keyFile), name);
  } catch {
    const folder = dirname(defaultKeyFile(dataDir));
    makeFolder(folder);
    return join(folder, name);
  }
}

/**
 * Reads the audit key, or makes it where there is none. Its public half lies beside it as `FILE.vkey`.
 *
 * @throws AuditKeyError whose message says in one line what to do
 */
export function openAuditKey(file: string): FoundKey {
  const pem = readPem(file);
  if (pem === undefined) return { key: makeKey(file), wasThere: false };
  try {
    const key = AuditKey.fromPem(pem);
    writePublicHalf(file, key);
    return { key, wasThere: true };
  } catch {
    throw new AuditKeyError(
      `the audit key ${file} is no Ed25519 key in PEM (PKCS#8): put the right one back, or move the file away to begin a new tree`,
    );
  }
}

export function isWithin(file: string, folder: string): boolean {
  const path = relative(resolve(folder), resolve(file));
  return path !== '' && !path.startsWith('..');
}

function readPem(file: string): string | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0) closeToOthers(file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AuditKeyError(`the audit key ${file} can't be read: ${(error as Error).message}`);
  }
}

/** A systemd credential is read-only, and closed to others in another way. */
function closeToOthers(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EROFS', 'EPERM'].includes(code)) throw error;
  }
}

function makeKey(file: string): AuditKey {
  const key = AuditKey.generate();
  try {
    makeFolder(dirname(file));
    makeWholeFile(file, key.pem);
  } catch (error) {
    throw new AuditKeyError(
      `the audit key ${file} can't be made: ${(error as Error).message}. ` +
        'It has to lie apart from the data directory: let the service write that folder, or set HEARTHKEY_AUDIT_KEY_FILE',
    );
  }
  writePublicHalf(file, key);
  return key;
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** For people and programs that verify; where it can't be written, the database and each checkpoint name it, too. */
function writePublicHalf(file: string, key: AuditKey): void {
  const text = `${formatVerifierKey(key.verifierKey)}\n`;
  try {
    if (readText(`${file}.vkey`) !== text) replaceWholeFile(`${file}.vkey`, text);
  } catch {
    return;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
