/** Certificates for this machine from an authority of the tests' own, made with openssl. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folders.js';

export interface Certificate {
  certFile: string;
  keyFile: string;
}

export class CertificateAuthority {
  private readonly folder = temporaryFolder();
  private readonly own = this.certificate('ca');

  constructor() {
    makeCertificate('Hearthkey tests', this.own, [
      'basicConstraints=critical,CA:TRUE',
      'keyUsage=keyCertSign',
    ]);
  }

  /** What a client has to trust, as a file and as its content. */
  get caFile(): string {
    return this.own.certFile;
  }

  get ca(): Buffer {
    return readFileSync(this.caFile);
  }

  /** A certificate for 127.0.0.1 and localhost, issued to this name. */
  issue(name: string): Certificate {
    const issued = this.certificate(name);
    const extensions = ['basicConstraints=critical,CA:FALSE', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    makeCertificate(name, issued, extensions, ['-CA', this.own.certFile, '-CAkey', this.own.keyFile]);
    return issued;
  }

  private certificate(name: string): Certificate {
    return { certFile: join(this.folder, `${name}.crt`), keyFile: join(this.folder, `${name}.key`) };
  }
}

/**
 * A certificate signed with its own key, which can so be trusted by itself, as a new panel has it; as texts.
 *
 * @param subject - what it is for, such as `IP:127.0.0.1`
 */
export function selfSigned(subject: string, isExpired = false): { cert: string; key: string } {
  const folder = temporaryFolder();
  const [certFile, keyFile] = [join(folder, 'own.crt'), join(folder, 'own.key')] as const;
  makeCertificate('panel of the tests', { certFile, keyFile }, [`subjectAltName=${subject}`]);
  if (isExpired) {
    const anew = ['x509', '-in', certFile, '-signkey', keyFile, '-days', '-1', '-out', certFile];
    execFileSync('openssl', anew, { stdio: 'pipe' });
  }
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** Puts another certificate in the place of one, as a renewal does. */
export function replaceCertificate(inPlace: Certificate, by: Certificate): void {
  copyFileSync(by.keyFile, inPlace.keyFile);
  copyFileSync(by.certFile, inPlace.certFile);
}

/** @param signer - the options that name who signs it; itself unless said otherwise */
function makeCertificate(
  name: string,
  { certFile, keyFile }: Certificate,
  extensions: readonly string[],
  signer: readonly string[] = [],
): void {
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', keyFile];
  const added = extensions.flatMap((extension) => ['-addext', extension]);
  const args = ['req', '-x509', '-subj', `/CN=${name}`, '-days', '2', '-out', certFile, ...newKey, ...signer];
  execFileSync('openssl', [...args, ...added], { stdio: 'pipe' });
}
