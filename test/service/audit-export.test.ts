/** The whole service with receivers of its audit record: nothing is lost by a kill, and operators see who is behind. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../support/certificates.js';
import { LogReceiver } from '../support/log-receiver.js';
import { ServiceProcess } from '../support/processes.js';
import { recordLines } from '../support/record.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

describe('a service with receivers of its audit record', () => {
  it('loses none of the events for them when it is killed in the middle of sending, and sends none that it lost', async () => {
    const authority = new CertificateAuthority();
    const certificate = authority.issue('receiver');
    const receivers = [
      await new LogReceiver('https', certificate).start(),
      await new LogReceiver('syslog+tcp').start(),
      await new LogReceiver('syslog+tls', certificate).start(),
    ];
    const settings = {
      AUDIT_EXPORT: receivers.map(({ url }) => `${url}?from=begin`).join(),
      AUDIT_EXPORT_CA: authority.caFile,
    };
    let service = await ServiceProcess.start(settings);
    const { dataDir } = service;
    const record = join(dataDir, 'audit/events.jsonl');
    for (let round = 0; round < 3; round++) {
      const before = receivers.map(({ texts }) => texts.length);
      const asked = Array.from({ length: 300 }, () =>
        service
          .api({ access_key: 'A'.repeat(20), secret_key: 'x'.repeat(40), cmd: 'v-list-users' })
          .catch(() => 0),
      );
      await within(10_000, 'something new arrives', () =>
        receivers.every(({ texts }, index) => texts.length > (before[index] ?? 0)),
      );
      await service.end('SIGKILL');
      await Promise.all(asked);
      service = await ServiceProcess.start({ ...settings, DATA_DIR: dataDir });
    }
    const lines = recordLines(record);
    const newest = lines.at(-1)?.seq ?? 0;
    const chain: unknown = JSON.parse(`"${readFileSync(join(dataDir, 'audit-chain'), 'utf8').trim()}"`);
    for (const receiver of receivers) {
      await within(20_000, 'everything arrives', () => (receiver.events.at(-1)?.seq ?? 0) >= newest);
      const received = new Map(receiver.events.map((event) => [event.seq, event]));
      for (const line of lines) expect(received.get(line.seq)).toEqual({ chain, ...line });
    }
    await service.end();
  });

  it('tells operators of one that is away, by how much it is behind, and nothing of the secret', async () => {
    const authority = new CertificateAuthority();
    const receiver = await new LogReceiver('https', authority.issue('receiver')).start();
    const service = await TestService.startOpen(['alice'], {
      AUDIT_EXPORT: receiver.url,
      AUDIT_EXPORT_CA: authority.caFile,
      AUDIT_EXPORT_HEADER: 'X-Token: s3cret-token',
    });
    const findings = async () => (await service.run('doctor', 'json')).stdout;
    await within(5000, 'the events arrive', () => receiver.texts.length > 0);
    expect(receiver.headers[0]).toMatchObject({ 'x-token': 's3cret-token' });
    expect(await findings()).not.toContain('audit_export');
    await receiver.stop();
    for (let count = 0; count < 5; count++)
      await service.ok('v-change-user-password', 'alice', `Horse-battery-${String(count)}`);
    await within(10_000, 'doctor tells of it', async () => (await findings()).includes('audit_export'));
    const told = await findings();
    expect(told).toMatch(/it is \d+ events behind the audit record: connect ECONNREFUSED/);
    const metrics = (await service.request('GET', '/metrics', undefined)).body;
    const sink = receiver.url;
    expect(metrics).toMatch(
      new RegExp(`^hearthkey_audit_export_behind_events\\{sink="${sink}"\\} [1-9]`, 'm'),
    );
    expect(metrics).toContain(`hearthkey_audit_export_last_success_seconds{sink="${sink}"} `);
    expect(`${told}${metrics}${service.log}`).not.toContain('s3cret-token');
    await receiver.start();
    await within(10_000, 'it has everything', async () =>
      (await service.request('GET', '/metrics', undefined)).body.includes(`behind_events{sink="${sink}"} 0`),
    );
    expect(await findings()).not.toContain('audit_export');
  });
});
