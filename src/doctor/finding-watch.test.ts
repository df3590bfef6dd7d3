import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import type { NewAuditEvent } from '../audit/audit-event.js';
import { FindingWatch } from './finding-watch.js';
import { finding, type Finding } from './finding.js';

it('tells of what is found for the first time, one for each kind, also after a restart and when it comes again', async () => {
  let found: Finding[] = [];
  const events: NewAuditEvent[] = [];
  const unknown = (name: string) => finding('unknown_setting', 'setting_unknown', { name, meant: '' });
  const full = (freeMiB: number) => finding('disk', 'disk_full', { dataDir: '/data', freeMiB });
  const file = join(temporaryFolder(), 'alerts/findings.json');
  const look = async (now: Finding[]): Promise<(string | undefined)[]> => {
    found = now;
    events.length = 0;
    const audit = { append: (event: NewAuditEvent) => Promise.resolve(void events.push(event)) };
    const doctor = { examine: () => Promise.resolve(found) };
    await new FindingWatch({ doctor, audit, file, onError: () => undefined }).look();
    return events.map(({ target }) => `${target?.['subject'] ?? ''} ${target?.['more'] ?? '0'}`);
  };
  expect(await look([unknown('A')])).toEqual([]);
  expect(await look([unknown('A'), full(90)])).toEqual(['data directory /data 0']);
  expect(events).toMatchObject([{ type: 'alert', alert: 'new_finding', target: { code: 'disk_full' } }]);
  expect(await look([unknown('A'), full(80)])).toEqual([]);
  expect(await look([unknown('B'), unknown('C'), unknown('A')])).toEqual(['B 1']);
  expect(await look([full(70), unknown('A')])).toEqual(['data directory /data 0']);
  const many = Array.from({ length: 2000 }, (_, index) => unknown(`S${String(index)}`));
  expect(await look([...many, full(70)])).toEqual(['S0 1999']);
  expect(readFileSync(file, 'utf8').length).toBeLessThan(1000);
  expect(await look([...many, unknown('X'), full(70)])).toEqual([]);
  expect(await look([unknown('X')])).toEqual([]);
  expect(await look([unknown('Y')])).toEqual(['Y 0']);
  const canary = finding('canary_used', 'canary_used', {
    ...{ key: { id: 'K', user: 'alice', comment: '' }, at: '', address: '', command: '' },
  });
  expect(await look([canary])).toEqual([]);
});
