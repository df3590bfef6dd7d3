import { beforeEach, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { origin } from './chain.js';
import { newestTimeAtStart } from './newest-time.js';

const time = '2026-01-31T12:00:00.000Z';
const hash = 'a'.repeat(64);
const head = { sequence: 7, hash };

let dataDir: string;

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
});

it.each([
  ['an empty record', '', origin, undefined],
  ['no line of a record that has some', '', head, Number.NaN],
  ['the newest line', `{"seq":7,"time":"${time}","mac":"${hash}"}\n`, head, Date.parse(time)],
  ['a line that somebody added', `{"seq":8,"time":"${time}","mac":"${hash}"}\n`, head, Number.NaN],
  ['another line of its number', `{"seq":7,"time":"${time}","mac":"${'b'.repeat(64)}"}\n`, head, Number.NaN],
  ['a line without a time', `{"seq":7,"mac":"${hash}"}\n`, head, Number.NaN],
])('the time of %s', (_, text, known, timeMs) => {
  writeFileSync(join(dataDir, 'audit/events.jsonl'), text);
  expect(newestTimeAtStart(dataDir, known)).toBe(timeMs);
});
