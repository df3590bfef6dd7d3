/** What an operator and a client over HTTP do with a service, whatever runs it. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { patienceMs } from './waiting.js';

export interface CommandAnswer {
  code: number;
  stdout: string;
}

/** With what it said on standard error. */
export interface WholeAnswer extends CommandAnswer {
  stderr: string;
}

export interface HttpAnswer {
  status: number;
  /** The `Hestia-Exit-Code` header; NaN where none was sent. */
  code: number;
  body: string;
  headers: IncomingHttpHeaders;
}

export interface Key {
  id: string;
  secret: string;
  /** `ID:SECRET` */
  pair: string;
}

export interface CallOptions {
  /** The local address that the request comes from. */
  from?: string;
  forwardedFor?: string | string[];
  headers?: Readonly<Record<string, string | string[]>>;
}

export type Fields = Readonly<Record<string, string>>;

/** One event as `v-list-audit-events json` shows it. */
export interface Event {
  id: string;
  time: string;
  type: string;
  outcome: string;
  actor: { kind: string; accessKeyId?: string; user?: string; sudoUser?: string };
  clientAddress?: string;
  command?: string;
  args?: string[];
  reason?: string;
  code?: number;
  target?: Record<string, string>;
  note?: string;
  /** How many failed attempts it stands for, where it is more than one. */
  count?: number;
}

/** How many requests those events tell of: failed attempts within a second are one event. */
export function countOf(events: readonly Event[]): number {
  return events.reduce((sum, { count = 1 }) => sum + count, 0);
}

export class Client {
  constructor(
    readonly url: string,
    readonly socketPath: string,
    /** Who has to have signed the service's certificate, where it speaks HTTPS. */
    readonly ca?: Buffer,
  ) {}

  /** Runs a built-in command over the admin socket. */
  run(command: string, ...args: string[]): Promise<CommandAnswer> {
    return this.ask({ command, args });
  }

  /** The same; throws unless it ends with 0. */
  async ok(command: string, ...args: string[]): Promise<string> {
    const answer = await this.run(command, ...args);
    if (answer.code !== 0)
      throw new Error(`${command} ${args.join(' ')}: ${String(answer.code)} ${answer.stdout}`);
    return answer.stdout;
  }

  /** The same as `run`, with what goes to standard error. */
  told(command: string, ...args: string[]): Promise<WholeAnswer> {
    return this.askWhole({ command, args });
  }

  /** One request at the admin socket, as the command line sends it. */
  async ask(request: object): Promise<CommandAnswer> {
    const { code, stdout } = await this.askWhole(request);
    return { code, stdout };
  }

  /** The same, with standard error. */
  askWhole(request: object): Promise<WholeAnswer> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.socketPath);
      let text = '';
      socket.setEncoding('utf8').setTimeout(patienceMs, () => socket.destroy(new Error('no answer in time')));
      socket.on('connect', () => socket.end(`${JSON.stringify(request)}\n`));
      socket.on('data', (chunk: string) => (text += chunk));
      socket.on('error', reject);
      socket.on('close', () => {
        const lines = text.split('\n').filter((line) => line !== '');
        const frames = lines.map((line) => JSON.parse(line) as Partial<WholeAnswer>);
        const code = frames.at(-1)?.code;
        const all = (name: 'stdout' | 'stderr'): string => frames.map((frame) => frame[name] ?? '').join('');
        if (code === undefined) reject(new Error('the service ended before it answered'));
        else resolve({ code, stdout: all('stdout'), stderr: all('stderr') });
      });
    });
  }

  /** Makes a key and reads its secret. */
  async makeKey(user: string, permissions: string, comment = ''): Promise<Key> {
    const pair = (await this.ok('v-add-access-key', user, permissions, comment, 'plain')).trim();
    const [id = '', secret = ''] = pair.split(':');
    return { id, secret, pair };
  }

  /** A call of the API as a form. */
  api(fields: Fields, options: CallOptions = {}): Promise<HttpAnswer> {
    const type = 'application/x-www-form-urlencoded';
    return this.post(new URLSearchParams(fields).toString(), type, options);
  }

  /** A call with a key: the command and its arguments. */
  call(key: Key, cmd: string, args: readonly string[] = [], options: CallOptions = {}): Promise<HttpAnswer> {
    const named = args.map((arg, index) => [`arg${String(index + 1)}`, arg]);
    const fields = Object.fromEntries(named) as Record<string, string>;
    return this.api({ access_key: key.id, secret_key: key.secret, cmd, ...fields }, options);
  }

  post(
    body: string | Buffer,
    contentType: string | undefined,
    options: CallOptions = {},
  ): Promise<HttpAnswer> {
    return this.request('POST', '/api/', body, {
      ...options,
      headers: { ...options.headers, ...(contentType === undefined ? {} : { 'Content-Type': contentType }) },
    });
  }

  request(
    method: string,
    path: string,
    body: string | Buffer | undefined,
    { from, forwardedFor, headers }: CallOptions = {},
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const forwarded = forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor };
      const send = this.ca === undefined ? httpRequest : httpsRequest;
      const request = send(new URL(path, this.url), {
        method,
        ...(this.ca === undefined ? {} : { ca: this.ca }),
        agent: false,
        timeout: patienceMs,
        headers: { ...length, ...forwarded, ...headers },
        ...(from === undefined ? {} : { localAddress: from }),
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const code = response.headers['hestia-exit-code'];
          resolve({
            status: response.statusCode ?? 0,
            code: code === undefined ? Number.NaN : Number(code),
            body: Buffer.concat(chunks).toString(),
            headers: response.headers,
          });
        });
      });
      request.end(body);
    });
  }

  /**
   * Audit events that fit the filters, oldest first; without the sums of failed attempts, which are recorded up to a
   * second after what they tell of, so perhaps between the events that a test looks for.
   */
  async events(...filters: string[]): Promise<Event[]> {
    return (await this.eventsAndSums(...filters)).filter(({ count }) => count === undefined);
  }

  /** The same with the sums. */
  async eventsAndSums(...filters: string[]): Promise<Event[]> {
    return JSON.parse(
      await this.ok('v-list-audit-events', 'json', '--limit', '10000', ...filters),
    ) as Event[];
  }

  /** A user, whose password is not used. */
  async addUser(name: string): Promise<void> {
    await this.ok('v-add-user', name, 'correct-horse-1', `${name}@example.com`);
  }
}
