/** A real SMTP server that keeps what it gets. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { atEnd } from './clean-up.js';

export interface ReceivedMail {
  to: string[];
  subject: string;
  /** The whole message, with its header. */
  text: string;
}

const running = new Set<MailTestReceiver>();

export class MailTestReceiver {
  readonly mails: ReceivedMail[] = [];
  /** The next mails are refused. */
  isFull = false;
  private server: SMTPServer | undefined;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
  }

  /** Again on the same port after a stop. */
  async start(): Promise<this> {
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
      onData: (stream, session, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          if (this.isFull) {
            done(Object.assign(new Error('mailbox full'), { responseCode: 452 }));
            return;
          }
          // Long lines are broken (quoted-printable).
          const text = Buffer.concat(pieces).toString('utf8').replaceAll('=\r\n', '');
          const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(text)?.[1] ?? '';
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ to, subject: subject.replace(/\r\n[ \t]/g, ' '), text });
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
