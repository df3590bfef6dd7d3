/** Users who log in at any of the nodes, and every way in which their sessions end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../support/client.js';
import { act, type World } from './accounts.js';
import type { LoadedKey } from './load.js';

const sessionsPerUser = 3;
/** Those that have ended are asked with for a while. */
const endedKept = 6;

export interface LoggedIn extends LoadedKey {
  cookie: string;
  csrfToken: string;
}

export type EndedBy = (typeof ways)[number];

const ways = [
  ...(['logging out', 'v-delete-session', 'v-delete-sessions', 'suspension', 'another password'] as const),
  ...(['LOGIN_DISABLED', 'deletion'] as const),
] as const;

export interface PersonParts {
  world: World;
  name: string;
  /** Told of each session that was ended, when the command had returned. */
  onEnded: (way: EndedBy, count: number) => void;
  /** Told of a login that was under way meanwhile. */
  onRace: (cameIn: boolean) => void;
}

export class Person {
  private sessions: LoggedIn[] = [];
  private readonly ended: LoggedIn[] = [];
  private passwords = ['correct-horse-1', 'another-horse-2'];

  constructor(private readonly parts: PersonParts) {}

  /** What requests come with: sessions that go on, and some that have ended. */
  get all(): readonly LoggedIn[] {
    return [...this.sessions, ...this.ended];
  }

  async set(): Promise<void> {
    const { world, name } = this.parts;
    const command = ['v-add-user', name, this.passwords[0] ?? '', `${name}@example.com`];
    await act(world, command, { soAlready: [4] });
    await this.logInAgain();
  }

  /** Ends sessions at random until it is over. */
  async live(): Promise<void> {
    const { random, isOver } = this.parts.world;
    while (!isOver()) {
      await this.end(random.pick(ways));
      await sleep(random.below(30));
      await this.logInAgain();
    }
  }

  private async end(way: EndedBy): Promise<void> {
    const { world, name } = this.parts;
    const one = world.random.pick(this.sessions);
    if (way === 'logging out') {
      await this.logOut(one);
      this.hasEnded(way, [one]);
      return;
    }
    const soAlready = [3];
    if (way === 'v-delete-session') {
      await act(world, ['v-delete-session', one.id], { soAlready, isRevocation: true });
      this.hasEnded(way, [one]);
      return;
    }
    const [old = '', next = ''] = this.passwords;
    const commands: Record<Exclude<EndedBy, 'logging out' | 'v-delete-session'>, string[]> = {
      'v-delete-sessions': ['v-delete-sessions', name],
      suspension: ['v-suspend-user', name],
      'another password': ['v-change-user-password', name, next],
      LOGIN_DISABLED: ['v-change-user-config-value', name, 'LOGIN_DISABLED', 'yes'],
      deletion: ['v-delete-user', name],
    };
    const before = [...this.sessions];
    // Somebody logs in at the same time: with what counted before, at another node.
    const race = this.logIn({ user: name, password: old });
    await act(world, commands[way], { soAlready: [3, 5], isRevocation: true });
    this.hasEnded(way, before);
    await this.judgeRace(await race, way);
    await this.giveBack(way);
  }

  /** A login that rests on what has ended comes to nothing, whenever its answer comes. */
  private async judgeRace(cameIn: LoggedIn | undefined, way: EndedBy): Promise<void> {
    const { world, onRace } = this.parts;
    onRace(cameIn !== undefined);
    if (cameIn === undefined) return;
    // Ending sessions ends no later login with the same password.
    if (way === 'v-delete-sessions')
      await act(world, ['v-delete-session', cameIn.id], { soAlready: [3], isRevocation: true });
    this.keepEnded([cameIn]);
    await sleep(world.random.below(30));
  }

  private async giveBack(way: EndedBy): Promise<void> {
    const { world, name } = this.parts;
    const soAlready = [3, 6];
    if (way === 'suspension') await act(world, ['v-unsuspend-user', name], { soAlready });
    if (way === 'LOGIN_DISABLED')
      await act(world, ['v-change-user-config-value', name, 'LOGIN_DISABLED', 'no'], { soAlready });
    if (way === 'another password') this.passwords.reverse();
    if (way === 'deletion') {
      const command = ['v-add-user', name, this.passwords[0] ?? '', `${name}@example.com`];
      await act(world, command, { soAlready: [4] });
    }
  }

  private hasEnded(way: EndedBy, sessions: readonly LoggedIn[]): void {
    this.sessions = this.sessions.filter((session) => !sessions.includes(session));
    this.keepEnded(sessions);
    this.parts.onEnded(way, sessions.length);
  }

  private keepEnded(sessions: readonly LoggedIn[]): void {
    for (const { id } of sessions) this.parts.world.timeline.revoked(`key ${id}`);
    this.ended.push(...sessions);
    this.ended.splice(0, Math.max(0, this.ended.length - endedKept));
  }

  private async logOut(session: LoggedIn): Promise<void> {
    for (;;) {
      const answer = await this.send('DELETE', '/v1/sessions/current', '', {
        ...{ Cookie: session.cookie, 'X-CSRF-Token': session.csrfToken },
        'Sec-Fetch-Site': 'same-origin',
      });
      if (answer?.status === 204 || answer?.status === 401) return;
      await sleep(20);
    }
  }

  private async logInAgain(): Promise<void> {
    const { world, name } = this.parts;
    while (this.sessions.length < sessionsPerUser) {
      const link = await act(world, ['login-link', name], { soAlready: [3, 5, 10] });
      const token = /#token=([\w-]+)/.exec(link)?.[1];
      // A command that was sent before and came late has deleted, suspended or shut out the user.
      if (token === undefined) await this.comeBack();
      else {
        const session = await this.logIn({ token });
        if (session === undefined) await world.quiesce();
        else this.sessions = [...this.sessions, session];
      }
    }
  }

  private async comeBack(): Promise<void> {
    const { world } = this.parts;
    await world.quiesce();
    for (const way of ['deletion', 'suspension', 'LOGIN_DISABLED'] as const) await this.giveBack(way);
  }

  /** @returns undefined where nobody was let in, as far as is known */
  private async logIn(credential: object): Promise<LoggedIn | undefined> {
    const answer = await this.send('POST', '/v1/sessions', JSON.stringify(credential), {
      'Content-Type': 'application/json',
    });
    if (answer?.status !== 201) return undefined;
    const { sessionId, csrfToken } = JSON.parse(answer.body) as { sessionId: string; csrfToken: string };
    const cookie = (answer.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? '';
    return { id: sessionId, cookie, csrfToken, request: requestWith(cookie) };
  }

  private send(
    method: string,
    path: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<HttpAnswer | undefined> {
    const { nodes, random } = this.parts.world;
    const text = body === '' ? undefined : body;
    return random
      .pick(nodes)
      .client.request(method, path, text, { headers })
      .catch(() => undefined);
  }
}

function requestWith(cookie: string): Buffer {
  const head = ['GET /v1/sessions/current HTTP/1.1', 'Host: localhost', `Cookie: ${cookie}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}
