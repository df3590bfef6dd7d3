import { isIP, connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { rootCertificates } from 'node:tls';
import type { AlertMail } from '../../../config/alert-settings.js';
import type { AddressRange } from '../../../network/address-range.js';
import { isLoopbackHost } from '../../../network/reserved-addresses.js';
import { lookupChecked } from '../../sinks/receiver-address.js';
import { ReceiverRefusal } from '../alert-receiver.js';
import { notPublic } from '../not-public.js';
import type { MailDigest } from './mail-digest.js';
import { mailText } from './mail-text.js';

/** For a mail from the first byte to the last answer. */
const usualLimitMs = 60_000;
const silenceMs = 20_000;
/** For each address of the server but the last one. */
const attemptMs = 5_000;

export interface MailParts {
  mail: AlertMail;
  networks: readonly AddressRange[];
  trusted: readonly string[];
  limitMs?: number;
}

export interface SentMail {
  /** What the server answered. */
  response: string;
  /** Recipients that it did not take; it took at least one. */
  refused: readonly string[];
}

/** @throws ReceiverRefusal where the server answered, and said no; else an Error with nothing of the server in it */
export async function sendMail(parts: MailParts, digest: MailDigest, signal: AbortSignal): Promise<SentMail> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(parts.limitMs ?? usualLimitMs)]);
  let socket: Socket | undefined;
  try {
    socket = await connectTo(parts, limited);
    return await sendOver(socket, parts, digest, limited);
  } catch (error) {
    socket?.destroy();
    if (signal.aborted) throw new Error('the service is stopping', { cause: error });
    if (limited.aborted) throw new Error('the receiver keeps still for too long', { cause: error });
    throw problemOf(error);
  }
}

/** To the first of the server's addresses that answers; all of them were checked. */
function connectTo({ mail, networks }: MailParts, signal: AbortSignal): Promise<Socket> {
  const { host, port } = mail.server;
  const lookup = lookupChecked(notPublic(networks));
  return new Promise((resolve, reject) => {
    const several = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: attemptMs };
    const socket = connect({ host, port, lookup, signal, ...several });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

async function sendOver(
  connection: Socket,
  { mail, trusted }: MailParts,
  digest: MailDigest,
  signal: AbortSignal,
): Promise<SentMail> {
  const { host, port, isTls, user, password } = mail.server;
  // A mail server of this machine often has a certificate for another name, and nobody is in between.
  const isNear = isLoopbackHost(host) && !isTls;
  // Loading it costs memory, and most installations send no mail.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    ...{ connection, host, port, secure: isTls, requireTLS: !isTls && !isNear },
    ...(user !== '' && { auth: { user, pass: password } }),
    tls: {
      ...(isIP(host) === 0 && { servername: host }),
      ...{ ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' as const },
      ...(isNear && { rejectUnauthorized: false }),
    },
    ...{ greetingTimeout: silenceMs, socketTimeout: silenceMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const { response, rejected } = await transport.sendMail({
    ...{ from: mail.from, to: [...mail.to], ...mailText(digest), signal },
    messageId: `<${digest.id}@${hostname()}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
  return { response, refused: rejected };
}

/** Errors of nodemailer have the answer of the server in their text. */
function problemOf(error: unknown): Error {
  const {
    code = '',
    originalCode = code,
    command = '',
    response,
    responseCode,
    message,
  } = error as MailError;
  if (responseCode !== undefined) {
    const what = commandNames[command] ?? 'the mail';
    const text = `the mail server refuses ${what} with code ${String(responseCode)}`;
    return new ReceiverRefusal(text, response ?? '');
  }
  if (response !== undefined || code === 'EPROTOCOL')
    return new Error('the mail server does not answer as one', { cause: error });
  return Object.assign(new Error(message, { cause: error }), { code: originalCode });
}

interface MailError extends Error {
  code?: string;
  /** Of the system or of TLS, where `code` is one of nodemailer's. */
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** What a server refuses, by the command that it answers. */
const commandNames: Readonly<Record<string, string>> = {
  CONN: 'the connection',
  'MAIL FROM': 'the sender',
  'RCPT TO': 'the recipients',
  DATA: 'the mail',
  'AUTH PLAIN': 'the password',
  'AUTH LOGIN': 'the password',
  'AUTH CRAM-MD5': 'the password',
};
