import { beforeAll, describe, expect, it } from '@jest/globals';
import { transformFileSync } from '@swc/core';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../../test/support/own-environment.js';
import { temporaryFolder } from '../../test/support/folders.js';

let folder: string;

beforeAll(() => {
  // The zone of a process is that of its start, so a process of its own is asked.
  folder = temporaryFolder();
  const { code } = transformFileSync(join(import.meta.dirname, 'moments.ts'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  writeFileSync(join(folder, 'moments.mjs'), code);
});

function inZone(TZ: string, expression: string): string {
  const script = `import { readMoment, formatMoment } from './moments.mjs';
    const read = (...args) => {
      const found = readMoment(...args);
      return 'ms' in found ? new Date(found.ms).toISOString() : found.problem;
    };
    process.stdout.write(${expression})`;
  const args = ['--input-type=module', '-e', script];
  return execFileSync(process.execPath, args, { cwd: folder, env: ownEnvironment({ TZ }), encoding: 'utf8' });
}

const at = (text: string, dateAlone: 'start' | 'end' = 'start') =>
  inZone('Europe/Berlin', `read(${JSON.stringify(text)}, '${dateAlone}')`);
const shown = (text: string, zone: string) => inZone(zone, `formatMoment(Date.parse('${text}'))`);

describe('a moment', () => {
  it.each([
    ['2027-01-31T12:00', '2027-01-31T11:00:00.000Z'],
    ['2027-07-31 12:00:30', '2027-07-31T10:00:30.000Z'],
    ['2027-01-31T12:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00:30-05:30', '2027-01-31T17:30:30.000Z'],
    ['2028-02-29', '2028-02-28T23:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(at(text)).toBe(moment);
  });

  it('that is a date alone may be its first or its last one', () => {
    expect([at('2027-01-31', 'start'), at('2027-01-31', 'end')]).toEqual([
      '2027-01-30T23:00:00.000Z',
      '2027-01-31T23:00:00.000Z',
    ]);
    expect(at('2027-12-31', 'end')).toBe('2027-12-31T23:00:00.000Z');
    // A day of 23 hours.
    expect(at('2027-03-28', 'end')).toBe('2027-03-28T22:00:00.000Z');
  });

  it('that the clocks pass over does not exist, unless an offset says which one is meant', () => {
    expect(at('2027-03-28T02:30')).toBe('no_such_time');
    expect(at('2027-03-28T03:00')).toBe('2027-03-28T01:00:00.000Z');
    expect(at('2027-03-28T02:30+01:00')).toBe('2027-03-28T01:30:00.000Z');
  });

  it('that comes twice is the first of them', () => {
    expect(at('2027-10-31T02:30')).toBe('2027-10-31T00:30:00.000Z');
  });

  it.each(['2027-02-30', '2027-02-29', '2027-13-01', '2027-00-10', '2027-01-31T25:00', '2027-01-31T24:00'])(
    '%s does not exist',
    (text) => {
      expect(at(text)).toBe('no_such_time');
    },
  );

  it.each(['', '90', '31.1.2027', 'tomorrow', '2027-1-31', '2027-01-31T12', '2027-01-31\n', '12:00'])(
    '%j is none',
    (text) => {
      expect(at(text)).toBe('no_moment');
    },
  );

  it('is shown with its zone', () => {
    expect(shown('2027-01-31T11:00:00Z', 'Europe/Berlin')).toBe('2027-01-31 12:00:00 +01:00');
    expect(shown('2027-07-31T10:00:30Z', 'Europe/Berlin')).toBe('2027-07-31 12:00:30 +02:00');
    expect(shown('2027-01-31T11:00:00Z', 'America/St_Johns')).toBe('2027-01-31 07:30:00 -03:30');
    expect(shown('2027-01-31T11:00:00Z', 'UTC')).toBe('2027-01-31 11:00:00 +00:00');
  });

  it('of a day without a midnight is the first one after the clocks are put forward', () => {
    expect(inZone('Africa/Cairo', "read('2027-04-29', 'end')")).toBe('2027-04-29T22:00:00.000Z');
  });
});
