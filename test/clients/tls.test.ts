import { beforeAll, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { CertificateAuthority, replaceCertificate } from '../support/certificates.js';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';
import { startPanel, type Panel } from './panel.js';

let panel: Panel;
let key: Key;
let port: number;

beforeAll(async () => {
  panel = await startPanel();
  key = await panel.service.makeKey('admin', '');
  port = Number(new URL(panel.service.url).port);
});

/** Whom the certificate that a new connection gets is issued to, and the protocol that was agreed on. */
function handshake(options: ConnectionOptions = {}): Promise<{ name: string; protocol: string | null }> {
  return new Promise((resolve, reject) => {
    const all = { host: '127.0.0.1', port, ca: panel.authority.ca, ...options };
    const socket = connectTls(all, () => {
      resolve({ name: String(socket.getPeerCertificate().subject.CN), protocol: socket.getProtocol() });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function expectServed(): Promise<void> {
  expect(await panel.service.call(key, 'v-list-users', ['plain'])).toMatchObject({ status: 200, code: 0 });
}

/** Sends SIGHUP and waits until the log has one more line that says so. */
async function reload(logged: string): Promise<void> {
  const count = (): number => panel.service.stderr.split(logged).length;
  const before = count();
  process.kill(panel.service.pid, 'SIGHUP');
  await within(5000, `the log says "${logged}"`, () => count() > before);
}

/** What a raw connection is answered until it ends. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

describeWith('openssl')('HTTPS', () => {
  it('is what the first screen says', () => {
    expect(panel.service.stdout).toMatch(/^Hearthkey serves at https:\/\/127\.0\.0\.1:\d+\/api\/\n/);
  });

  it('serves clients that trust its certificate, with TLS 1.2 and 1.3', async () => {
    await expectServed();
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toEqual({ name: 'first', protocol: 'TLSv1.2' });
    expect(await handshake({ minVersion: 'TLSv1.3' })).toEqual({ name: 'first', protocol: 'TLSv1.3' });
  });

  it('is not trusted by clients of another authority', async () => {
    const { ca } = new CertificateAuthority();
    await expect(handshake({ ca })).rejects.toThrow(/certificate/);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    // A client that does speak it: only then does the server have something to refuse.
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(handshake(old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await expectServed();
  });

  it('answers plain HTTP with nothing that is of use, and runs nothing', async () => {
    const body = new URLSearchParams({ hash: key.pair, cmd: 'v-add-web-domain', arg1: 'admin', arg2: 'x' });
    const head = `POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
    const bytes = `${head}Content-Length: ${String(body.toString().length)}\r\n\r\n${body.toString()}`;
    expect(await sendRaw(bytes)).not.toMatch(/200|204|Error|exit-code/i);
    expect(await panel.service.events('--command', 'v-add-web-domain')).toEqual([]);
    await expectServed();
  });

  it('goes on beside connections that never say anything', async () => {
    const silent = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
    await expectServed();
    for (const socket of silent) socket.destroy();
  });
});

describeWith('openssl')('a start', () => {
  it.each([
    ['a certificate that is missing', '/nonexistent/cert', undefined, /HEARTHKEY_TLS_CERT: .*ENOENT/],
    ['a key that is missing', undefined, '/nonexistent/key', /HEARTHKEY_TLS_KEY: .*ENOENT/],
    ['the two in the place of each other', 'key', 'cert', /HEARTHKEY_TLS_CERT and HEARTHKEY_TLS_KEY/],
  ])('with %s ends with one line that says so', async (_what, cert, ownKey, line) => {
    const { certFile, keyFile } = panel.authority.issue('start');
    const files: Record<string, string> = { cert: certFile, key: keyFile };
    const result = await ServiceProcess.startAndEnd({
      DATA_DIR: join(temporaryFolder(), 'data'),
      TLS_CERT: files[cert ?? 'cert'] ?? cert ?? '',
      TLS_KEY: files[ownKey ?? 'key'] ?? ownKey ?? '',
    });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^Hearthkey can't start: [^\n]+\n$/);
    expect(result.stderr).toMatch(line);
  });
});

describeWith('openssl')('on SIGHUP', () => {
  it('new connections get the new certificate, and one that is open lives on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: panel.authority.ca });
    const ask = () =>
      new Promise<{ status: number | undefined; isSameConnection: boolean }>((resolve, reject) => {
        const url = new URL('/livez', panel.service.url);
        const asking = request(url, { agent }, (response) => {
          response.resume().on('end', () => {
            resolve({ status: response.statusCode, isSameConnection: asking.reusedSocket });
          });
        });
        asking.on('error', reject).end();
      });
    expect(await ask()).toEqual({ status: 200, isSameConnection: false });

    replaceCertificate(panel.certificate, panel.authority.issue('second'));
    expect((await handshake()).name).toBe('first');
    await reload('read the TLS certificate anew');
    expect((await handshake()).name).toBe('second');
    expect(await ask()).toEqual({ status: 200, isSameConnection: true });
    agent.destroy();
    await expectServed();
  });

  it.each<[string, () => void]>([
    ['is no certificate', () => writeFileSync(panel.certificate.certFile, 'no certificate')],
    ['is cut off', () => writeFileSync(panel.certificate.certFile, '-----BEGIN CERTIFICATE-----\nMIIB\n')],
    ['is missing', () => rmSync(panel.certificate.certFile)],
    [
      'belongs to another key',
      () => {
        const other = panel.authority.issue('other');
        replaceCertificate(panel.certificate, { ...other, keyFile: panel.authority.issue('third').keyFile });
      },
    ],
  ])('a certificate that %s leaves the old one in use, and the log says so', async (_what, breakIt) => {
    const { name } = await handshake();
    breakIt();
    await reload('the TLS certificate stays as it was');
    expect(panel.service.stderr).toMatch(/HEARTHKEY_TLS_CERT/);
    expect((await handshake()).name).toBe(name);
    await expectServed();
  });

  it('a certificate that was put right is taken', async () => {
    replaceCertificate(panel.certificate, panel.authority.issue('right'));
    await reload('read the TLS certificate anew');
    expect((await handshake()).name).toBe('right');
  });

  it('a service without TLS goes on, and claims nothing', async () => {
    const plain = await ServiceProcess.start();
    process.kill(plain.pid, 'SIGHUP');
    expect((await plain.request('GET', '/livez', undefined)).status).toBe(200);
    const { code, stderr } = await plain.end();
    expect(code).toBe(0);
    expect(stderr).not.toContain('certificate');
  });
});
