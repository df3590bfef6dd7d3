/** A self-signed certificate with any dates, made with Node.js alone. */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  cert: string;
  key: string;
}

/** For `localhost`, from a year before its end. */
export function makeCertificate(endsAtMs: number): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const ed25519 = sequence(Buffer.from('06032b6570', 'hex'));
  const commonName = sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')));
  const name = sequence(der(0x31, commonName));
  const contents = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ed25519,
    name,
    sequence(time(endsAtMs - 365 * 86_400_000), time(endsAtMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign(null, contents, privateKey)]));
  return {
    cert: pem('CERTIFICATE', sequence(contents, ed25519, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** GeneralizedTime: whole seconds, UTC. */
function time(atMs: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(atMs).toISOString().replace(/[-:T]|\..*/g, '')}Z`));
}

function pem(what: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`;
}
