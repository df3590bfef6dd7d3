import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../errors.js';
import { describeCommand } from './command-spec.js';
import {
  bothHeld,
  formatHeld,
  heldToNothing,
  isReadable,
  isNoWiderHeld,
  isWithin,
  onlyOptions,
  parseHeld,
  readHeld,
  type HeldArguments,
} from './held-arguments.js';

const held = (...texts: string[]): HeldArguments => parseHeld(texts) ?? heldToNothing;
const command = (options: string) => describeCommand('v-change-x', '', options);

describe('what arguments are held to', () => {
  it('is read from texts in any order, each value once, and shown in one spelling', () => {
    const read = held('record=www', 'DOMAIN=Example.COM, *.example.org', 'DOMAIN=example.com');
    expect(formatHeld(read)).toBe('DOMAIN=example.com,*.example.org RECORD=www');
    expect(formatHeld(readHeld(formatHeld(read)))).toBe(formatHeld(read));
    expect(onlyOptions(read)).toBe("--only 'DOMAIN=example.com,*.example.org' --only RECORD=www");
    expect(parseHeld(['none'])).toBeNull();
  });

  it.each([
    [],
    ['DOMAIN'],
    ['DOMAIN='],
    ['=x'],
    ['DOMAIN=example.com,'],
    ['DOMAIN=example.com.'],
    ['DOMAIN=exämple.com'],
    ['DOMAIN=*'],
    ['DOMAIN=*.'],
    ['DOMAIN=a.*.com'],
    ['DOMAIN=www.example.com'],
    ['DATABASE=alice_*'],
    ['DATABASE=a b'],
    ["DATABASE=a'b"],
    ['DATABASE=--force'],
    ['PASSWORD=secret'],
    ['none', 'DOMAIN=example.com'],
    [`DOMAIN=${Array.from({ length: 65 }, (_, index) => `a${String(index)}.com`).join()}`],
  ])('refuses %j', (...texts) => {
    expect(() => parseHeld(texts)).toThrow(AppError);
  });

  const webDomain = command('USER DOMAIN [IP]');
  it.each<[string, string, (string | undefined)[] | undefined, boolean]>([
    ['the value itself', 'DOMAIN=example.com', ['alice', 'example.com'], true],
    ['in other letters', 'DOMAIN=example.com', ['alice', 'EXAMPLE.com'], true],
    ['with a dot at its end', 'DOMAIN=example.com', ['alice', 'example.com.'], false],
    ['below it', 'DOMAIN=example.com', ['alice', 'a.example.com'], false],
    ['www, which the panel takes away', 'DOMAIN=example.com', ['alice', 'www.example.com'], false],
    ['below a star', 'DOMAIN=*.example.com', ['alice', 'b.a.example.com'], true],
    ['the domain of a star itself', 'DOMAIN=*.example.com', ['alice', 'example.com'], false],
    ['the same for the panel', 'DOMAIN=*.example.com', ['alice', 'www.example.com'], false],
    ['and with both', 'DOMAIN=*.example.com,example.com', ['alice', 'www.example.com'], true],
    ['a letter that becomes ASCII', 'DOMAIN=*.kk.com', ['alice', 'a.\u212ak.com'], false],
    ['a name that ends in it', 'DOMAIN=*.example.com', ['alice', 'badexample.com'], false],
    ['two in one', 'DOMAIN=example.com,example.org', ['alice', 'example.com,example.org'], false],
    ['nothing', 'DOMAIN=example.com', ['alice'], false],
    ['not known', 'DOMAIN=example.com', undefined, false],
    ['left out, and another closed up', 'DOMAIN=example.com', ['alice', undefined, 'example.com'], false],
    ['moved away by a gap', 'DOMAIN=example.com', [undefined, 'example.com', 'evil.com'], false],
  ])('%s', (_, text, args, isAllowed) => {
    expect(isWithin(held(text), webDomain, args, true)).toBe(isAllowed);
  });

  it('counts every place, longer names of a domain too, and several names at once', () => {
    const rename = command('USER DOMAIN NEW_DOMAIN');
    expect(isWithin(held('DOMAIN=a.com'), rename, ['alice', 'a.com', 'evil.com'], false)).toBe(false);
    expect(isWithin(held('DOMAIN=a.com,b.com'), rename, ['alice', 'a.com', 'b.com'], false)).toBe(true);
    const record = command('USER DOMAIN RECORD TYPE VALUE');
    const acme = held('DOMAIN=a.com', 'RECORD=_acme-challenge');
    expect(isWithin(acme, record, ['alice', 'a.com', '_acme-challenge'], false)).toBe(true);
    expect(isWithin(acme, record, ['alice', 'a.com', 'www'], false)).toBe(false);
    // It has no RECORD: it would take the whole domain away.
    expect(isWithin(acme, webDomain, ['alice', 'a.com'], false)).toBe(false);
  });

  it('denies a command without such an argument, unless it is in SAFE; what can not be read denies that too', () => {
    const status = command('USER');
    expect(isWithin(held('DOMAIN=a.com'), status, ['alice'], false)).toBe(false);
    expect(isWithin(held('DOMAIN=a.com'), status, ['alice'], true)).toBe(true);
    expect(isWithin(heldToNothing, status, ['alice'], true)).toBe(false);
  });
});

describe('limits of arguments among each other', () => {
  const values = ['a.com', 'b.a.com', '*.a.com', '*.b.a.com', '*.com', 'c.org'];
  const anyHeld = fc
    .record(
      {
        DOMAIN: fc.subarray(values, { minLength: 1 }),
        ACCOUNT: fc.subarray(['info', 'shop'], { minLength: 1 }),
      },
      { requiredKeys: [] },
    )
    .filter((names) => Object.keys(names).length > 0)
    .map((names): HeldArguments => new Map(Object.entries(names)));
  const arg = fc.constantFrom(
    ...['a.com', 'b.a.com', 'c.b.a.com', 'x.com', 'www.a.com', 'www.b.a.com', 'c.org', 'info', 'shop', 'z'],
  );
  const asked = fc.record({
    spec: fc.constantFrom(command('DOMAIN ACCOUNT'), command('ACCOUNT [DOMAIN] DOMAIN'), command('USER')),
    args: fc.array(fc.option(arg, { nil: undefined }), { maxLength: 3 }),
    isSafe: fc.boolean(),
  });

  it('what is no wider allows nothing that the other denies', () => {
    fc.assert(
      fc.property(anyHeld, anyHeld, asked, (one, other, { spec, args, isSafe }) => {
        if (!isNoWiderHeld(one, other)) return;
        if (isWithin(one, spec, args, isSafe)) expect(isWithin(other, spec, args, isSafe)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('both can be stored as a text, unless no value is left of a name, or there are too many', () => {
    fc.assert(
      fc.property(anyHeld, anyHeld, (one, other) => {
        const both = bothHeld(one, other)!;
        fc.pre([...both.values()].every((values) => values.length > 0));
        expect(isReadable(both)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(isReadable(bothHeld(held('DOMAIN=a.example'), held('DOMAIN=b.example'))!)).toBe(false);
  });

  it('both allow what each of them allows, and are no wider than either', () => {
    fc.assert(
      fc.property(anyHeld, anyHeld, asked, (one, other, { spec, args, isSafe }) => {
        const both = bothHeld(one, other);
        expect(isNoWiderHeld(both, one) && isNoWiderHeld(both, other)).toBe(true);
        expect(isWithin(both!, spec, args, isSafe)).toBe(
          isWithin(one, spec, args, isSafe) && isWithin(other, spec, args, isSafe),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
