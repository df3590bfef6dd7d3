import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ReturnCode } from '../errors.js';
import type { ListenAddress } from './nginx-conf.js';
import { mustRun } from './operator.js';

const patienceMs = 60_000;
const answerMs = 30_000;

/**
 * Sends a request through the panel's nginx with a key that is made for it, and looks into Hearthkey's record for it. The
 * key ends by itself after ten minutes, should this process be killed before it is deleted.
 *
 * @returns what was asked and answered
 */
export async function testThroughNginx(
  socketPath: string,
  { rootUser, listen }: { rootUser: string; listen: ListenAddress },
): Promise<string> {
  const limits = [
    '--expires',
    '10m',
    '--allow-ip',
    '127.0.0.0/8',
    '--allow-ip',
    '::1',
    '--allow-ip',
    listen.host,
  ];
  const made = await mustRun(
    socketPath,
    'v-add-access-key',
    rootUser,
    '',
    'hearthkey setup',
    'plain',
    ...limits,
  );
  const pair = made.trim();
  const [id = ''] = pair.split(':');
  try {
    return await askUntilRecorded(socketPath, { pair, id, listen });
  } finally {
    await mustRun(socketPath, 'v-delete-access-key', id);
  }
}

/** Workers with the old configuration may answer for a moment after a reload. */
async function askUntilRecorded(
  socketPath: string,
  { pair, id, listen }: { pair: string; id: string; listen: ListenAddress },
): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask(listen, pair, id);
    const filters = ['--key', id, '--type', 'decision', '--limit', '1'];
    const events = JSON.parse(await mustRun(socketPath, 'v-list-audit-events', 'json', ...filters)) as {
      clientAddress?: string;
    }[];
    const [event] = events;
    if (event !== undefined) {
      const address = event.clientAddress ?? '';
      await mustBeAsExplained(socketPath, { id, address, answer });
      return `nginx passed it to Hearthkey, which saw ${address} and answered ${String(answer.code)}`;
    }
    if (performance.now() > deadline) {
      throw new AppError(
        ReturnCode.CONNECT,
        `a request to nginx at ${listen.host}:${String(listen.port)} did not reach Hearthkey (HTTP status ${String(answer.status)})`,
      );
    }
    await sleep(250);
  }
}

/** The allow list or a switch that was imported may deny it: the answer has to be the one that they give. */
async function mustBeAsExplained(
  socketPath: string,
  { id, address, answer }: { id: string; address: string; answer: Answer },
): Promise<void> {
  const words = ['v-explain-access', id, 'v-list-access-key', address, id, '--format', 'json'];
  const [command = '', ...args] = words;
  const { CODE } = JSON.parse(await mustRun(socketPath, command, ...args)) as { CODE: number };
  if (CODE === answer.code) return;
  throw new AppError(
    ReturnCode.CONNECT,
    `the request through nginx was answered with ${String(answer.code)}, where ${String(CODE)} was expected`,
  );
}

interface Answer {
  status: number;
  code: number;
}

async function ask(listen: ListenAddress, pair: string, id: string): Promise<Answer> {
  const socket = await open(listen);
  const body = new URLSearchParams({
    hash: pair,
    cmd: 'v-list-access-key',
    arg1: id,
    arg2: 'json',
  }).toString();
  const headers = {
    Host: listen.host,
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  return new Promise((resolve, reject) => {
    const lost = (error: Error): void =>
      reject(new AppError(ReturnCode.CONNECT, `the panel's nginx did not answer: ${error.message}`));
    const options = {
      method: 'POST',
      path: '/api/',
      headers,
      createConnection: () => socket,
      timeout: answerMs,
    };
    const request = httpRequest(options, (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, code: Number(response.headers['hestia-exit-code']) });
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time'))).on('error', lost);
    request.end(body);
  });
}

/** With TLS, the certificate has to be the one that the configuration names: no other process gets the secret. */
async function open({ host, port, certificate }: ListenAddress): Promise<Socket> {
  const refused = (error: Error): AppError =>
    new AppError(
      ReturnCode.CONNECT,
      `the panel's nginx at ${host}:${String(port)} can't be reached: ${error.message}`,
    );
  if (certificate === undefined) {
    return new Promise((resolve, reject) => {
      const socket = connectTcp({ host, port }, () => resolve(socket));
      socket.on('error', (error: Error) => reject(refused(error)));
    });
  }
  const expected = new X509Certificate(readFileSync(certificate)).fingerprint256;
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls({ host, port, rejectUnauthorized: false }, () => {
      if (socket.getPeerCertificate().fingerprint256 === expected) return resolve(socket);
      socket.destroy();
      reject(refused(new Error(`its certificate is not that of ${certificate}`)));
    });
    socket.on('error', (error: Error) => reject(refused(error)));
  });
}
