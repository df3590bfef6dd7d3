import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { systemReason } from '../text/system-reason.js';

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface TlsMaterial {
  cert: Buffer;
  key: Buffer;
}

/** As a panel's web server offers them: an old client that names HTTP/1.0 alone must not be turned away. */
export const ALPNProtocols = ['http/1.1', 'http/1.0'];

/** Reads certificate and key, and makes sure that they belong together; throws one line that names what is wrong. */
export function readTls({ certFile, keyFile }: TlsFiles): TlsMaterial {
  const material = {
    cert: readOrExplain('HEARTHKEY_TLS_CERT', certFile),
    key: readOrExplain('HEARTHKEY_TLS_KEY', keyFile),
  };
  try {
    createSecureContext(material);
  } catch (error) {
    throw new Error(`HEARTHKEY_TLS_CERT and HEARTHKEY_TLS_KEY can't be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return material;
}

function readOrExplain(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${setting}: ${file} can't be read: ${systemReason(error)}`, { cause: error });
  }
}
