import { describe, expect, it } from '@jest/globals';
import { Bindings, fillIn, fits, writeOutRepeats } from './placeholders.js';

const id = 'A1b2C3d4E5f6G7h8I9j0';
const otherId = 'Z1b2C3d4E5f6G7h8I9j0';
const secret = 'abcdefghijklmnopqrstuvwxyzABCDEFGH0123_-';

describe('placeholders', () => {
  it('stand for any value of their form', () => {
    expect(fits('key {ACCESS_KEY_ID}!', `key ${id}!`, new Bindings())).toBe(true);
    expect(fits('key {ACCESS_KEY_ID}!', `key ${id}x!`, new Bindings())).toBe(false);
    expect(fits('{SECRET}', secret, new Bindings())).toBe(true);
    expect(fits('{SECRET}', secret.replace('_', '/'), new Bindings())).toBe(false);
    expect(fits('{TIME}', '1:02:03', new Bindings())).toBe(false);
  });

  it('are the same value throughout one text', () => {
    expect(fits('{ACCESS_KEY_ID} {ACCESS_KEY_ID}', `${id} ${id}`, new Bindings())).toBe(true);
    expect(fits('{ACCESS_KEY_ID} {ACCESS_KEY_ID}', `${id} ${otherId}`, new Bindings())).toBe(false);
  });

  it('are the same value in every text of a case', () => {
    const bindings = new Bindings();
    expect(fits('made {ACCESS_KEY_ID}', `made ${id}`, bindings)).toBe(true);
    expect(fits('deleted {ACCESS_KEY_ID}', `deleted ${otherId}`, bindings.copy())).toBe(false);
    expect(fits('deleted {ACCESS_KEY_ID}', `deleted ${id}`, bindings.copy())).toBe(true);
  });

  it('are another value for the second key', () => {
    expect(fits('{ACCESS_KEY_ID} {ACCESS_KEY_ID_2}', `${id} ${otherId}`, new Bindings())).toBe(true);
    expect(fits('{ACCESS_KEY_ID} {ACCESS_KEY_ID_2}', `${id} ${id}`, new Bindings())).toBe(false);
  });

  it('may be followed by a digit of the text', () => {
    expect(fits('{DATE}{DATE}1', '2026-01-022026-01-021', new Bindings())).toBe(true);
  });

  it('for a clock are the time of the run, and one moment unless commands ran before', () => {
    const at = new Date(2026, 0, 2, 10, 0, 0);
    const window = { from: at, until: new Date(at.getTime() + 3000), severalMoments: false };
    expect(fits('{DATE} {TIME}', '2026-01-02 10:00:02', new Bindings(window))).toBe(true);
    expect(fits('{DATE} {TIME}', '2026-01-02 11:00:02', new Bindings(window))).toBe(false);
    expect(fits('{DATE} {TIME}', '2026-01-01 10:00:02', new Bindings(window))).toBe(false);
    expect(fits('{TIME} {TIME}', '10:00:01 10:00:02', new Bindings(window))).toBe(false);
    const several = new Bindings({ ...window, severalMoments: true });
    expect(fits('{TIME} {TIME}', '10:00:01 10:00:02', several)).toBe(true);
    expect(fits('{TIME} {TIME}', '10:00:01 10:01:02', several)).toBe(false);
  });

  it('leave everything round them literal', () => {
    expect(fits('a.c {TIME}', 'abc 10:00:00', new Bindings())).toBe(false);
    expect(fits('[*] (a|b) $', '[*] (a|b) $', new Bindings())).toBe(true);
  });
});

describe('texts that are sent', () => {
  it('have repeats written out', () => {
    expect(writeOutRepeats('x{REPEAT:A:5}y')).toBe('xAAAAAy');
    expect(fillIn('{REPEAT:ab:50000}', new Bindings())).toHaveLength(100_000);
  });

  it('have bound values in the place of placeholders, encoded where it is a form', () => {
    const bindings = new Bindings(undefined, [['SECRET', '='.repeat(40)]]);
    expect(fillIn('s={SECRET}', bindings)).toBe(`s=${'='.repeat(40)}`);
    expect(fillIn('s={SECRET}', bindings, encodeURIComponent)).toBe(`s=${'%3D'.repeat(40)}`);
  });

  it('have a made-up value, the same throughout, for a key that was never made', () => {
    const bindings = new Bindings();
    const [one, other] = fillIn('{ACCESS_KEY_ID}/{ACCESS_KEY_ID}', bindings).split('/');
    expect(one).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(other).toBe(one);
  });
});
