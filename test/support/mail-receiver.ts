/** A real SMTP server that keeps what it gets. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { atEnd } from './clean-up.js';

export interface ReceivedMail {
  to: string[];
  isEncrypted: boolean;
  subject: string;
  /** The whole message, with its header. */
  text: string;
}

const running = new Set<MailTestReceiver>();

export class MailTestReceiver {
  readonly mails: ReceivedMail[] = [];
  /** The next mails are refused. */
  isFull = false;
  /** Recipients whose mails are refused. */
  readonly unknown = new Set<string>();
  /** Nothing is answered to the next mails, which are counted. */
  isSilent = false;
  unanswered = 0;
  private server: SMTPServer | undefined;
  private port = 0;

  /** @param offersTls - with a certificate that nobody trusts, for another name */
  constructor(private readonly offersTls = false) {}

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
  }

  /** Again on the same port after a stop. */
  async start(): Promise<this> {
    const server = new SMTPServer({
      ...{
        authOptional: true,
        logger: false,
        disabledCommands: this.offersTls ? ['AUTH'] : ['STARTTLS', 'AUTH'],
      },
      onRcptTo: ({ address }, _session, done) => {
        const refusal = Object.assign(new Error('nobody of that name: s3cret'), { responseCode: 550 });
        done(this.unknown.has(address) ? refusal : undefined);
      },
      onData: (stream, session, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          if (this.isSilent) {
            this.unanswered++;
            return;
          }
          if (this.isFull) {
            done(Object.assign(new Error('mailbox full: s3cret'), { responseCode: 452 }));
            return;
          }
          // Long lines are broken (quoted-printable).
          const text = Buffer.concat(pieces).toString('utf8').replaceAll('=\r\n', '');
          const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(text)?.[1] ?? '';
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.mails.push({
            to,
            isEncrypted: session.secure,
            subject: subject.replace(/\r\n[ \t]/g, ' '),
            text,
          });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
    running.add(this);
    return this;
  }

  async stop(): Promise<void> {
    running.delete(this);
    const { server } = this;
    this.server = undefined;
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }
}

atEnd(async () => {
  for (const receiver of running) await receiver.stop();
});
