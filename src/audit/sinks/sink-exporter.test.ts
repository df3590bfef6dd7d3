import { beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditLogIn } from '../../../test/support/test-audit-log.js';
import { CertificateAuthority, type Certificate } from '../../../test/support/certificates.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { LogReceiver } from '../../../test/support/log-receiver.js';
import { within } from '../../../test/support/waiting.js';
import { loadConfig } from '../../config/config.js';
import type { AuditLog } from '../audit-log.js';
import { auditRecordFile } from '../record/record-files.js';
import { AuditExport } from './audit-export.js';

/** As many as an hour makes: `HK_EXPORT_EVENTS=100000`. */
const eventCount = Number(process.env['HK_EXPORT_EVENTS'] ?? 5000);

let authority: CertificateAuthority;
let certificate: Certificate;
let dataDir: string;
let log: AuditLog;
let running: AuditExport | undefined;
let warnings: string[];
let recovered: string[];

beforeAll(() => {
  authority = new CertificateAuthority();
  certificate = authority.issue('receiver');
});

beforeEach(() => {
  dataDir = temporaryFolder();
  [warnings, recovered] = [[], []];
  log = auditLogIn(dataDir);
});

afterEach(async () => {
  await stop();
  log.close();
});

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

async function start(urls: readonly string[], settings: Record<string, string> = {}): Promise<AuditExport> {
  const { auditExport } = loadConfig({ HEARTHKEY_AUDIT_EXPORT: urls.join(), ...settings });
  running = new AuditExport({
    ...{ settings: auditExport, dataDir, log },
    onWarning: (text) => warnings.push(text),
    onRecovered: (text) => recovered.push(text),
  });
  await running.start();
  return running;
}

const trusting = (): Record<string, string> => ({ HEARTHKEY_AUDIT_EXPORT_CA: authority.caFile });

async function append(count: number): Promise<void> {
  for (let index = 0; index < count; index += 500) {
    const length = Math.min(500, count - index);
    const actor = { kind: 'service' } as const;
    const all = Array.from({ length }, () =>
      log.append({ type: 'change', outcome: 'done', actor, args: ['ü'] }),
    );
    await Promise.all(all);
  }
}

/** Makes no JSON of the line that has this in it; its head and its hash can be read. */
function damage(mark: string): void {
  const file = auditRecordFile(dataDir);
  const lines = readFileSync(file, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(mark));
  lines[index] = lines[index]?.replace('"outcome":"done"', '"outcome":"done ') ?? '';
  writeFileSync(file, lines.join('\n'));
}

/** In their order, repeats left out. */
const numbers = (receiver: LogReceiver): number[] => {
  const seen: number[] = [];
  for (const { seq } of receiver.events) if (seq > (seen.at(-1) ?? 0)) seen.push(seq);
  return seen;
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const hasAll = (receiver: LogReceiver) => (): boolean =>
  receiver.texts.length > 0 && receiver.events.at(-1)?.seq === log.head.sequence;

describe.each(['syslog+tcp', 'syslog+tls', 'https'] as const)('a sink of kind %s', (kind) => {
  it('that is away loses nothing: it gets all, in order, when it is back', async () => {
    const receiver = await new LogReceiver(kind, certificate).start();
    const exported = await start([`${receiver.url}?from=begin`], kind === 'syslog+tcp' ? {} : trusting());
    await append(10);
    await within(5000, 'the first events arrive', hasAll(receiver));
    await receiver.stop();
    await append(eventCount);
    await within(5000, 'the failure is told', () => exported.states[0]?.failure !== undefined);
    expect(exported.states[0]).toMatchObject({ behind: eventCount });
    expect(warnings).toEqual([expect.stringMatching(/can't be sent to .*ECONNREFUSED.*; nothing is lost/)]);
    await receiver.start();
    await within(30_000, 'all arrive', hasAll(receiver));
    expect(numbers(receiver)).toEqual(range(1, eventCount + 11));
    const [line] = readFileSync(auditRecordFile(dataDir), 'utf8').split('\n');
    expect(receiver.texts[0]).toContain(`{"chain":"${log.chainId}",${line?.slice(1) ?? ''}`);
    await within(5000, 'it has everything', () => exported.states[0]?.behind === 0);
    await within(5000, 'the return is told', () => recovered.length === 1);
    expect(exported.states[0]).toMatchObject({ failure: undefined, lastSuccessMs: expect.any(Number) });
  });
});

describe.each(['syslog+tcp', 'https'] as const)('a sink of kind %s, and an event that is damaged', (kind) => {
  it('gets all others, and the log names it once', async () => {
    const receiver = await new LogReceiver(kind, certificate).start();
    receiver.statuses.push(500, 101);
    await append(20);
    damage(`"seq":7,`);
    const settings = kind === 'https' ? trusting() : {};
    const exported = await start([`${receiver.url}?from=begin&format=ocsf`], settings);
    await within(20_000, 'all others arrive', () => exported.states[0]?.behind === 0);
    const sent = receiver.events.map(({ metadata }) => (metadata as { sequence: number }).sequence);
    expect(sent.slice(-20)).toEqual([...range(1, 6), ...range(8, 21)]);
    expect(warnings.filter((text) => text.includes('event 7 of the audit record is damaged'))).toHaveLength(
      1,
    );
  });
});

describe('the cursor of a sink', () => {
  it('begins at the present end, goes on after a stop, and keeps what was recorded in between', async () => {
    const receiver = await new LogReceiver('syslog+tcp').start();
    await append(5);
    await start([receiver.url]);
    await append(1);
    await within(5000, 'the new event arrives', hasAll(receiver));
    // Before that a stop makes the sink get it once more.
    await within(5000, 'the cursor moves', () => running?.states[0]?.behind === 0);
    await stop();
    await append(2);
    renameSync(auditRecordFile(dataDir), `${auditRecordFile(dataDir)}.1`);
    await start([`${receiver.url}?format=ocsf&from=begin`]);
    await within(5000, 'the record is begun anew', () => log.head.sequence === 10);
    await append(1);
    await within(5000, 'the events in between arrive', () => receiver.texts.length === 5);
    expect(receiver.events[0]?.seq).toBe(7);
    const sequences = receiver.events
      .slice(1)
      .map(({ metadata }) => (metadata as { sequence: number }).sequence);
    expect(sequences).toEqual(range(8, 11));
  });

  it('that is damaged or of another record sends everything again, and says so', async () => {
    const receiver = await new LogReceiver('syslog+tcp').start();
    await append(5);
    await start([receiver.url]);
    await stop();
    const folder = join(dataDir, 'audit-export');
    const file = join(folder, readdirSync(folder)[0] ?? '');
    for (const text of [
      '',
      `{"chain":"${'0'.repeat(32)}","number":2}`,
      `{"chain":"${log.chainId}","number":99}`,
    ]) {
      receiver.texts.length = 0;
      writeFileSync(file, text);
      await start([receiver.url]);
      await within(5000, 'all arrive again', hasAll(receiver));
      expect(numbers(receiver)).toEqual(range(1, 6));
      await within(5000, 'the cursor moves', () => running?.states[0]?.behind === 0);
      await stop();
    }
    expect(warnings).toEqual([
      expect.stringContaining('from the beginning: its cursor is damaged'),
      ...Array<unknown>(2).fill(expect.stringContaining('its cursor is not of this record')),
    ]);
  });
});

describe('a batch over HTTPS', () => {
  it('has the secret header, and is acknowledged by 2xx alone', async () => {
    const receiver = await new LogReceiver('https', certificate).start();
    receiver.statuses.push(302, 500);
    const header = { HEARTHKEY_AUDIT_EXPORT_HEADER: 'Authorization: Bearer s3cret' };
    const exported = await start([`${receiver.url}?from=begin`], { ...trusting(), ...header });
    await append(3);
    await within(10_000, 'it is acknowledged', () => exported.states[0]?.behind === 0);
    expect(receiver.headers.map(({ authorization }) => authorization)).toEqual(
      Array(receiver.headers.length).fill('Bearer s3cret'),
    );
    expect(receiver.headers.length).toBeGreaterThan(2);
    expect(numbers(receiver)).toEqual(range(1, 4));
    expect(warnings.join()).toContain('the receiver answered with status 302');
    expect(JSON.stringify([warnings, exported.states])).not.toContain('s3cret');
  });

  it('goes to nobody whose certificate is not trusted', async () => {
    const receivers = [
      await new LogReceiver('https', certificate).start(),
      await new LogReceiver('syslog+tls', certificate).start(),
    ];
    const exported = await start(receivers.map(({ url }) => `${url}?from=begin`));
    await append(3);
    await within(10_000, 'both fail', () => exported.states.every(({ failure }) => failure !== undefined));
    expect(exported.states).toMatchObject(
      Array(2).fill({ behind: 4, failure: expect.stringMatching(/certificate/) }),
    );
    expect(receivers.map(({ texts }) => texts)).toEqual([[], []]);
  });
});

describe('a receiver of syslog that ends the connection before it has read everything', () => {
  it('has acknowledged nothing', async () => {
    const receiver = await new LogReceiver('syslog+tcp').start();
    receiver.cutAfterBytes = 1000;
    const exported = await start([`${receiver.url}?from=begin`]);
    await append(2000);
    await within(10_000, 'it fails', () => exported.states[0]?.failure !== undefined);
    expect(exported.states[0]?.behind).toBe(2001);
    receiver.cutAfterBytes = Infinity;
    await within(10_000, 'all arrive', hasAll(receiver));
    expect(numbers(receiver)).toEqual(range(1, 2001));
  });
});
