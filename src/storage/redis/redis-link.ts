import { rootCertificates, type ConnectionOptions } from 'node:tls';
import type { RedisSettings } from '../../config/redis-settings.js';

/** A text is answered as its bytes. */
export type RedisAnswer = Buffer | number | null;

/** Redis is there, but doesn't want the command, such as for want of memory. */
export interface RedisRefusal {
  refusal: string;
}

export interface RedisTarget extends RedisSettings {
  /** Certificates to trust besides those that Node.js trusts, in PEM. */
  trusted: readonly string[];
}

export interface LinkLimits {
  /** For a command, and for the PING that a new link has to answer before it is used. */
  answerMs: number;
  connectMs: number;
}

type Library = typeof import('@redis/client');
type Client = Pick<ReturnType<Library['createClient']>, 'sendCommand' | 'destroy'>;

/**
 * One connection to Redis: used until anything goes wrong with it, and never again. The client's own reconnecting and
 * queueing are off, because they would keep a request waiting for a Redis that isn't there.
 */
export class RedisLink {
  /** Why it has ended, when it has. */
  readonly ended: Promise<string>;
  private setEnded: (reason: string) => void = () => undefined;
  private hasEnded = false;

  private constructor(
    private readonly client: Client,
    private readonly isRefusal: (error: unknown) => boolean,
    private readonly limits: LinkLimits,
  ) {
    this.ended = new Promise((resolve) => (this.setEnded = resolve));
  }

  /** @returns the link, or why there is none; nothing of the credential is in that */
  static async connect(target: RedisTarget, limits: LinkLimits): Promise<RedisLink | { reason: string }> {
    // Loaded here, because that takes as long as half of the start, and most installations have no Redis.
    const library = await import('@redis/client');
    const client = library.createClient(clientOptions(target, limits, library));
    const isRefusal = (error: unknown): boolean => error instanceof library.ErrorReply;
    const link = new RedisLink(client, isRefusal, limits);
    client.on('error', (error: unknown) => link.end(link.reasonOf(error)));
    // A client without a socket can't be destroyed; until it has one, the time limit of the socket counts.
    let timer: NodeJS.Timeout | undefined;
    client.once('connect', () => (timer = setTimeout(() => client.destroy(), limits.connectMs)));
    client.unref();
    try {
      await client.connect();
      const answer = await link.ask(['PING']);
      if (isRefused(answer)) link.end(answer.refusal);
      // A write that changes nothing: a replica answers PING, and refuses this.
      const written = answer && (await link.ask(['PEXPIRE', 'hearthkey:link', '1']));
      if (isRefused(written) && isReplica(written)) link.end(written.refusal);
      return link.hasEnded ? { reason: await link.ended } : link;
    } catch (error) {
      const reason = link.reasonOf(error);
      link.end(reason);
      return { reason };
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns undefined when there is no answer in time; then the link has ended */
  async ask(command: readonly (string | Buffer)[]): Promise<RedisAnswer | RedisRefusal | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const giveUp = (): void => reject(new Error(`no answer within ${this.limits.answerMs} ms`));
      // Where it was this process that was held up, the answer is there and has only to be read.
      timer = setTimeout(() => setImmediate(giveUp), this.limits.answerMs);
    });
    try {
      return await Promise.race([this.client.sendCommand<RedisAnswer>(command), late]);
    } catch (error) {
      const reason = this.reasonOf(error);
      if (this.isRefusal(error)) return { refusal: reason };
      this.end(reason);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  end(reason: string): void {
    this.hasEnded = true;
    this.setEnded(reason);
    this.client.destroy();
  }

  private reasonOf(error: unknown): string {
    if (!(error instanceof Error)) return 'unknown reason';
    // What Redis quotes is what it was sent, and that may be a password: before version 6 it quotes all of HELLO.
    if (this.isRefusal(error)) return (/^[^'"`]{0,160}/.exec(error.message)?.[0] ?? '').trim();
    // Where a name has several addresses, the error about all of them has no message.
    return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
  }
}

export function isRefused(answer: RedisAnswer | RedisRefusal | undefined): answer is RedisRefusal {
  return typeof answer === 'object' && answer !== null && 'refusal' in answer;
}

/** Redis takes no writes: it is a replica, or one that has lost its master. */
export function isReplica({ refusal }: RedisRefusal): boolean {
  return /^(READONLY|MASTERDOWN)\b/.test(refusal);
}

function clientOptions(target: RedisTarget, limits: LinkLimits, { RESP_TYPES }: Library) {
  const { host, port, usesTls, trusted, username, password, database } = target;
  const tls: ConnectionOptions = { ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' };
  const socket = { host, port, connectTimeout: limits.connectMs, reconnectStrategy: false as const };
  return {
    socket: usesTls ? { ...tls, ...socket, tls: true as const } : socket,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled' as const,
    // The client's own time limit ends with the sending, so it is of no use.
    commandOptions: { timeout: 0, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  };
}
