/** Sessions on several nodes: begun on one, used on all, and ended on all when the command has returned. */
import { beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { linkToken, Person } from '../support/person.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

const password = 'correct-horse-1';
const other = 'another-horse-2';
/** Longer than a busy machine may hold up this process, in which all the nodes run. */
const leaseMs = 6000;

describeWith('postgres', 'initdb')('a session on three nodes', () => {
  let nodes: TestService[];

  beforeAll(async () => {
    const database = await PostgresServer.start();
    const settings = {
      DATABASE_URL: await database.newDatabase(),
      PEPPER_FILE: join(temporaryFolder(), 'pepper'),
      LEASE: `${String(leaseMs)}ms`,
    };
    nodes = [];
    while (nodes.length < 3) nodes.push(await TestService.start(settings));
  });

  const node = (index: number): TestService => nodes[index % nodes.length]!;

  /** The same browser, at each node. */
  function everywhere(person: Person): Person[] {
    return nodes.map((at) =>
      Object.assign(new Person(at), { cookie: person.cookie, csrfToken: person.csrfToken }),
    );
  }

  async function acceptances(person: Person): Promise<number> {
    const answers = await Promise.all(everywhere(person).map((each) => each.isIn()));
    return answers.filter((isIn) => isIn).length;
  }

  const ends: [string, (at: TestService, user: string, person: Person) => Promise<unknown>][] = [
    [
      'logging out',
      (at, _user, person) => everywhere(person)[nodes.indexOf(at)]!.delete('/v1/sessions/current'),
    ],
    ['v-delete-session', (at, _user, { sessionId }) => at.ok('v-delete-session', sessionId)],
    ['v-delete-sessions', (at, user) => at.ok('v-delete-sessions', user)],
    ['another password', (at, user) => at.ok('v-change-user-password', user, other)],
    ['LOGIN_DISABLED', (at, user) => at.ok('v-change-user-config-value', user, 'LOGIN_DISABLED', 'yes')],
    ['suspension', (at, user) => at.ok('v-suspend-user', user)],
    ['deletion', (at, user) => at.ok('v-delete-user', user)],
  ];

  it.each(ends)('is used on all of them, and ended on all by %s', async (way, end) => {
    const user = `user-${way.replace(/\W/g, '')}`;
    await node(0).addUser(user);
    for (let round = 0; round < 3; round++) {
      if (way === 'LOGIN_DISABLED' && round > 0)
        await node(0).ok('v-change-user-config-value', user, 'LOGIN_DISABLED', 'no');
      if (way === 'suspension' && round > 0) await node(0).ok('v-unsuspend-user', user);
      if (way === 'deletion' && round > 0) await node(0).addUser(user);
      const person = await new Person(node(round)).logInByLink(user);
      expect(await acceptances(person)).toBe(3);
      await end(node(round + 1), user, person);
      expect(await acceptances(person)).toBe(0);
    }
  });

  it('begins once of a link that is used at all nodes at once', async () => {
    await node(0).addUser('erin');
    for (let round = 0; round < 5; round++) {
      const token = await linkToken(node(round), 'erin');
      const logins = await Promise.all(nodes.map((at) => new Person(at).logIn({ token })));
      expect(logins.map(({ status }) => status).sort()).toEqual([201, 401, 401]);
    }
  });

  it('does not begin on a password that was changed while it was checked', async () => {
    await node(0).addUser('frank');
    for (let round = 0; round < 4; round++) {
      const [old, next] = round % 2 === 0 ? [password, other] : [other, password];
      await node(0).ok('v-change-user-password', 'frank', old);
      const people = nodes.flatMap((at) => [new Person(at), new Person(at)]);
      const logins = people.map((person) => person.logIn({ user: 'frank', password: old }));
      await node(round).ok('v-change-user-password', 'frank', next);
      await Promise.all(logins);
      for (const person of people) if (person.cookie !== '') expect(await acceptances(person)).toBe(0);
    }
  });
});
