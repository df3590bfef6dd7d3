/** Certificates for servers of the tests, made anew: nothing expires, and no private key lies in the repository. */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  cert: string;
  key: string;
}

export interface CertificateOptions {
  /** The addresses and the host names that it is for. */
  addresses?: readonly string[];
  names?: readonly string[];
  expiresAt?: Date;
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

/** A certificate signed with its own key, which can so be trusted by itself, as a new panel has it. */
export function selfSigned(options: CertificateOptions = {}): Certificate {
  const { addresses = [], names = [], expiresAt = new Date(Date.now() + dayMs) } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(0x55, 4, 3), der(0x0c, Buffer.from('panel of the tests')))));
  const alternatives = [
    ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number)))),
    ...names.map((host) => der(0x82, Buffer.from(host))),
  ];
  const extensions = [
    sequence(oid(0x55, 29, 19), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))), // a CA
    sequence(oid(0x55, 29, 17), der(0x04, sequence(...alternatives))),
  ];
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(new Date(expiresAt.getTime() - 30 * dayMs)), utcTime(expiresAt)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions.slice(0, alternatives.length > 0 ? 2 : 1))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
  const base64 = sequence(body, ecdsaWithSha256, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function oid(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function utcTime(time: Date): Buffer {
  return der(0x17, Buffer.from(`${time.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}
