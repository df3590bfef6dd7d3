/** @jest-environment-options {"zone": "Europe/Berlin"} */
import { describe, expect, it } from '@jest/globals';
import { parseMoment, tellMoment } from './moments.js';

const nowMs = Date.parse('2026-07-01T12:00:00Z');
const read = (text: string, edge: 'first' | 'last' = 'first'): string =>
  new Date(parseMoment(text, edge, nowMs).ms).toISOString();

describe('a moment', () => {
  it.each([
    ['90s', '2026-07-01T11:58:30.000Z'],
    ['1h', '2026-07-01T11:00:00.000Z'],
    ['2w', '2026-06-17T12:00:00.000Z'],
    ['2026-01-31T12:00', '2026-01-31T11:00:00.000Z'],
    ['2026-06-30 12:00:07', '2026-06-30T10:00:07.000Z'],
    ['2026-06-30T12:00:07.25', '2026-06-30T10:00:07.250Z'],
    ['2026-01-31T12:00+05:30', '2026-01-31T06:30:00.000Z'],
    ['2026-01-31T12:00-01:00', '2026-01-31T13:00:00.000Z'],
    ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31', '2026-01-30T23:00:00.000Z'],
  ])('%s is read in the zone of the service, unless it names another', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('that is a day ends with it where the end is meant, also a day of 23 or 25 hours', () => {
    expect(read('2026-01-31', 'last')).toBe('2026-01-31T22:59:59.999Z');
    expect(read('2026-03-29', 'last')).toBe('2026-03-29T21:59:59.999Z');
    expect(read('2026-10-25', 'last')).toBe('2026-10-25T22:59:59.999Z');
  });

  it.each([
    ...['24', '1', '', 'x', '1y', '-1h', '0h', '1h30m', '2026', 'Jan 31'],
    ...['2026-01-31T12', '2026-01-31T12:00+1', 'x'.repeat(5000)],
  ])('is not %j', (text) => {
    expect(() => read(text)).toThrow(/^.{0,110} is neither a length of time/);
  });

  it.each(['2026-02-30', '2026-13-01', '2026-01-31T25:00', '2026-01-31T12:00:60', '2026-03-29T02:30'])(
    '%s there was not',
    (text) => {
      expect(() => read(text)).toThrow(`there is no ${text} in the calendar, or the clocks were put forward`);
    },
  );

  it('that the clocks were put forward over is one in another zone', () => {
    expect(read('2026-03-29T02:30+01:00')).toBe('2026-03-29T01:30:00.000Z');
  });

  it('says whether a zone was taken for granted, and which', () => {
    expect(parseMoment('2026-06-30', 'first', nowMs).isBare).toBe(true);
    for (const text of ['1h', '2026-06-30T12:00Z'])
      expect(parseMoment(text, 'first', nowMs).isBare).toBe(false);
    expect(tellMoment(Date.parse('2026-01-31T11:00:00Z'))).toBe('2026-01-31T12:00:00+01:00 (Europe/Berlin)');
  });
});
