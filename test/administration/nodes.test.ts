/** What two clients of REST v1 do at once at two nodes: exactly one of them has it. */
import { beforeAll, expect, it } from '@jest/globals';
import { AdministrationClient } from '../support/administration.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

describeWith('initdb', 'postgres')('two nodes', () => {
  let one: TestService;
  let clients: [AdministrationClient, AdministrationClient];

  beforeAll(async () => {
    const DATABASE_URL = await (await PostgresServer.start()).newDatabase();
    one = await TestService.startOpen(['alice'], { DATABASE_URL });
    const pepper = { PEPPER_FILE: one.config.pepperFile };
    const other = await TestService.start({ DATABASE_URL, ...pepper });
    const keys = [await one.makeKey('admin', ''), await one.makeKey('admin', '')] as const;
    clients = [new AdministrationClient(one, keys[0]), new AdministrationClient(other, keys[1])];
  });

  const statuses = async (
    ask: (client: AdministrationClient, index: number) => Promise<{ status: number }>,
  ): Promise<number[]> =>
    (await Promise.all(clients.map(ask))).map(({ status }) => status).sort((a, b) => a - b);

  // Both nodes count alone: a key has half of its limit at each of them, which these requests stay below.
  const rounds = 10;
  const busy = 503;

  /** A database without a moment for either refuses both; that says nothing of who comes first. */
  async function race(round: (number: number) => Promise<number[]>): Promise<void> {
    for (let [number, decided] = [0, 0]; decided < rounds; number++) {
      expect(number).toBeLessThan(3 * rounds);
      const seen = await round(number);
      expect([200, 412, busy]).toContain(seen[0]);
      if (seen[1] === busy) continue;
      expect(seen).toEqual([200, 412]);
      decided++;
    }
  }

  it('change a role that both have read: one change counts, the other one is refused', async () => {
    await clients[0].post('/v1/apis', { name: 'shared', role: 'user', commands: ['v-list-user'] });
    await race(async (round) => {
      const { headers } = await clients[0].get('/v1/apis/shared');
      return statuses((client, index) => {
        const commands = [`v-list-user-${String(round)}-${String(index)}`];
        return client.put('/v1/apis/shared', { role: 'user', commands }, { 'If-Match': headers.etag ?? '' });
      });
    });
  });

  it('change a key that both have read: one change counts, the other one is refused', async () => {
    const made = await clients[0].post('/v1/access-keys', { user: 'alice', permissions: ['mail-accounts'] });
    const path = `/v1/access-keys/${String(made.json['accessKeyId'])}`;
    await race(async (round) => {
      const { headers } = await clients[0].get(path);
      return statuses((client, index) =>
        client.patch(
          path,
          { comment: `${String(round)} of ${String(index)}` },
          { 'If-Match': headers.etag ?? '' },
        ),
      );
    });
  });

  it('each suggest a role from their own record, and name the other one', async () => {
    const made = await clients[0].post('/v1/access-keys', { user: 'alice', permissions: ['mail-accounts'] });
    const path = `/v1/access-keys/${String(made.json['accessKeyId'])}/suggestion`;
    const ask = async (client: AdministrationClient) => (await client.get<Suggested>(path)).json;
    const [own, other] = [(await ask(clients[0])).node, (await ask(clients[1])).node];
    expect(own).not.toBe(other);
    // A node says at most ten seconds later how far its record has come.
    const othersIn = ({ notes }: Suggested) => notes.find(({ code }) => code === 'other_nodes')?.names;
    const patient = await AdministrationClient.unlimited(one);
    await within(30_000, 'the other node is named', async () => othersIn(await ask(patient))?.[0] === other);
    const found = await ask(patient);
    expect(othersIn(found)).toEqual([other]);
    expect(found.keys).toMatchObject([{ rateLimit: null }]);
    expect(found).toMatchObject({ api: null, commandLines: [] });
  });
});

interface Suggested {
  node: string;
  keys: object[];
  notes: { code: string; names: string[] }[];
}
