/** The whole service with receivers of alerts: nothing is lost by a kill, and operators see who is away. */
import { describe, expect, it } from '@jest/globals';
import { AdministrationClient } from '../support/administration.js';
import { AlertTestReceiver } from '../support/alert-receiver.js';
import type { Client, Key } from '../support/client.js';
import { MailTestReceiver } from '../support/mail-receiver.js';
import { ServiceProcess } from '../support/processes.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
/** In the suite a few; `HK_ALERT_KILLS=100 HK_ALERT_COUNT=12000 HK_ALERT_ARRIVED=60` for figures. */
const kills = Number(process.env['HK_ALERT_KILLS'] ?? 3);
const count = Number(process.env['HK_ALERT_COUNT'] ?? 600);
/** So many alerts have to arrive before the next kill. */
const arriving = Number(process.env['HK_ALERT_ARRIVED'] ?? 1);

const networkOf = (index: number): string => `10.${String(index >> 8)}.${String(index & 255)}`;

/** More new networks of a key within an hour are not told (novelties.ts). */
const usesPerKey = 20;

/** Who is away is told from the first failure on; a message that was under way then fails in another way. */
async function receiversOnceRefused(admin: AdministrationClient) {
  let listed = await admin.get('/v1/alert-receivers');
  await within(10_000, 'the connection is refused', async () => {
    listed = await admin.get('/v1/alert-receivers');
    return listed.text.includes('ECONNREFUSED');
  });
  return listed;
}

/** A use from a network that the key was never used from. @returns whether it was answered, and allowed */
async function use(service: Client, key: Key, index: number): Promise<boolean> {
  const question = {
    ...{ accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-list-users' },
    clientIp: `${networkOf(index)}.7`,
  };
  const headers = { 'Content-Type': 'application/json' };
  const answer = await service
    .request('POST', '/v1/authorize', JSON.stringify(question), { headers })
    .catch(() => undefined);
  return answer?.status === 200 && (JSON.parse(answer.body) as { allowed: boolean }).allowed;
}

describe('a service with receivers of alerts', () => {
  it(`loses no alert of a use that was answered when it is killed ${String(kills)} times while it sends, and keeps their order`, async () => {
    const receiver = await new AlertTestReceiver(secret).start();
    const settings = {
      ...{ ALERT_WEBHOOK: receiver.url, ALERT_WEBHOOK_SECRET: secret, ALERTS: 'key.new_network' },
      TRUSTED_PROXIES: '127.0.0.1',
    };
    let service = await ServiceProcess.start(settings);
    const { dataDir } = service;
    await service.ok('v-add-sys-api-ip', '10.0.0.0/8');
    const keys: Key[] = [];
    for (let made = 0; made < count; made += usesPerKey) keys.push(await service.makeKey('admin', ''));
    const answered: string[] = [];
    const perRound = Math.ceil(count / kills);
    for (let round = 0; round < kills; round++) {
      const [before, answeredBefore] = [receiver.once.length, answered.length];
      const ask = async (index: number): Promise<void> => {
        const key = keys[Math.floor(index / usesPerKey)] as Key;
        if (await use(service, key, index)) answered.push(`${networkOf(index)}.0/24`);
      };
      const first = round * perRound;
      const asked = Array.from({ length: Math.min(perRound, count - first) }, (_, index) =>
        ask(first + index),
      );
      await within(
        10_000,
        'something new arrives',
        () => receiver.once.length >= before + arriving && answered.length > answeredBefore,
      );
      await service.end('SIGKILL');
      await Promise.all(asked);
      service = await ServiceProcess.start({ ...settings, DATA_DIR: dataDir });
    }
    const networks = (): unknown[] => receiver.once.map(({ data }) => data['network']);
    expect(answered.length).toBeGreaterThanOrEqual(kills);
    await within(20_000, 'everything arrives', () => {
      const arrived = new Set(networks());
      return answered.every((network) => arrived.has(network));
    });
    const numbers = receiver.once.map(({ data }) => data.event);
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    expect(new Set(networks()).size).toBe(networks().length);
    expect(receiver.refused).toBe(0);
    if (kills > 3)
      process.stderr.write(
        `${String(kills)} kills, ${String(answered.length)} uses answered, ${String(networks().length)} alerts, ` +
          `${String(receiver.alerts.length)} deliveries verified, lost 0\n`,
      );
    await service.end();
  });

  it('tells of keys, shows operators who is away and what a test answers, and nothing of the secret', async () => {
    const webhook = await new AlertTestReceiver(secret).start();
    const mail = await new MailTestReceiver().start();
    const service = await TestService.startOpen(['alice'], {
      ...{
        ALERT_WEBHOOK: `${webhook.url}?token=s3cret`,
        ALERT_WEBHOOK_SECRET: secret,
        ALERT_MAIL_EVERY: '1s',
      },
      ...{ ALERT_MAIL_TO: 'ops@example.com', ALERT_SMTP_URL: mail.url, ALERT_DENIALS: '5' },
    });
    const root = await service.makeKey('admin', '');
    const admin = new AdministrationClient(service, root);
    await service.ok('v-add-api', 'reads', 'user', 'v-list-user');
    const key = await service.makeKey('alice', 'reads');
    await service.ok('v-change-access-key', key.id, '--expires', '30d');
    await service.ok('v-change-access-key', key.id, 'PERMISSIONS', 'reads,purge-nginx-cache');
    await service.call(key, 'v-list-user', ['alice']);
    await service.ok('v-rotate-access-key', key.id);
    for (let times = 0; times < 5; times++) await service.call(key, 'v-list-user', ['alice']);
    const ofKey = () => webhook.alerts.filter(({ data }) => data.accessKeyId === key.id);
    await within(10_000, 'the burst arrives', () => ofKey().some(({ type }) => type === 'denials.burst'));
    expect(ofKey().map(({ type }) => type)).toEqual([
      ...['key.made', 'key.widened', 'key.new_network', 'key.new_command'],
      ...['key.replaced_secret_used', 'denials.burst'],
    ]);
    expect(ofKey()[1]?.data).toMatchObject({ widened: ['permissions'], actor: 'operator' });
    await within(10_000, 'the mail arrives', () =>
      mail.mails.some(({ text }) => text.includes('denials of')),
    );

    const tested = JSON.parse(await service.ok('v-test-alert', 'json')) as Record<string, { RESULT: string }>;
    expect(Object.values(tested).map(({ RESULT }) => RESULT)).toEqual(['ok', 'ok']);
    expect((await admin.send('POST', '/v1/alert-tests')).json).toMatchObject({
      items: [
        { accepted: true, answer: '204' },
        { name: 'mail', accepted: true },
      ],
    });

    await webhook.stop();
    await service.makeKey('alice', 'reads');
    const findings = async () => (await service.run('doctor', 'json')).stdout;
    await within(10_000, 'doctor tells of it', async () => (await findings()).includes('alert_receiver'));
    expect((await service.run('v-test-alert')).code).toBe(15);
    const list = await service.ok('v-list-alert-receivers', 'json');
    const listed = await receiversOnceRefused(admin);
    expect(listed.json).toMatchObject({
      items: [{ kind: 'webhook', failure: expect.stringContaining('ECONNREFUSED') }, { kind: 'mail' }],
    });
    const metrics = (await service.request('GET', '/metrics', undefined)).body;
    expect(metrics).toMatch(/^hearthkey_alerts_sent_total\{receiver="http:\/\/127[^"]*"\} [1-9]/m);
    expect(metrics).toMatch(/^hearthkey_alerts_behind_events\{receiver="http:\/\/127[^"]*"\} [1-9]/m);
    const told = `${await findings()}${list}${JSON.stringify(listed.json)}${metrics}${service.log}`;
    expect([told.includes('s3cret'), told.includes(secret)]).toEqual([false, false]);
    await webhook.start();
    await within(10_000, 'it has everything', async () => !(await findings()).includes('alert_receiver'));
  });

  it('says so where there is no receiver to test', async () => {
    const service = await TestService.startOpen([]);
    expect(await service.run('v-test-alert')).toMatchObject({ code: 3 });
    expect(await service.ok('v-list-alert-receivers', 'json')).toBe('{}\n');
  });
});
