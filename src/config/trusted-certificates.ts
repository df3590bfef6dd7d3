import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemReason } from '../text/system-reason.js';

/**
 * The certificates of a PEM file, each judged now: the TLS library passes over what it can't read.
 *
 * @param setting - its name, for the message
 * @throws Error whose message names the setting
 */
export function readTrustedCertificates(setting: string, file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${setting}: ${file} can't be read: ${systemReason(error)}`, { cause: error });
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  if (blocks.length === 0) throw new Error(`${setting}: ${file} has no certificate in it`);
  try {
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (error) {
    throw new Error(`${setting}: ${file} has a certificate in it that can't be read`, {
      cause: error,
    });
  }
}
