import { describe, expect, it } from '@jest/globals';
import { parseByteSize } from './byte-size.js';
import { loadConfig } from './config.js';

const read = (settings: Record<string, string>) =>
  loadConfig(
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [`HEARTHKEY_${name}`, value])),
  ).auditRecord;

describe('how long the audit record is kept', () => {
  it('is for ever, in files of at most a gigabyte and a week, unless a setting says otherwise', () => {
    expect(read({})).toEqual({
      ...{ keepMs: undefined, keepBytes: undefined, keepText: '' },
      ...{ fileBytes: 1e9, fileAgeMs: 604_800_000 },
    });
  });

  it('is said by age and by size, in the words that were given', () => {
    expect(read({ AUDIT_KEEP: '400d', AUDIT_KEEP_SIZE: '50GB', AUDIT_FILE_SIZE: '64MB' })).toMatchObject({
      ...{ keepMs: 34_560_000_000, keepBytes: 50e9, fileBytes: 64e6 },
      keepText: 'HEARTHKEY_AUDIT_KEEP=400d and HEARTHKEY_AUDIT_KEEP_SIZE=50GB',
    });
  });

  it.each([
    ['AUDIT_KEEP', '400'],
    ['AUDIT_KEEP', '0s'],
    ['AUDIT_KEEP_SIZE', '50'],
    ['AUDIT_KEEP_SIZE', '50 gb'],
    ['AUDIT_FILE_SIZE', '0KB'],
    ['AUDIT_FILE_AGE', '1ms'],
  ])('%s=%s is refused', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(`HEARTHKEY_${name}: expected`);
  });
});

it.each([
  [{ AUDIT_KEEP_SIZE: '1KB' }, true],
  [{ AUDIT_KEEP_SIZE: '1999MB' }, true],
  [{ AUDIT_KEEP_SIZE: '2GB' }, false],
  [{ AUDIT_KEEP_SIZE: '100MB', AUDIT_FILE_SIZE: '51MB' }, true],
  [{ AUDIT_KEEP_SIZE: '100MB', AUDIT_FILE_SIZE: '50MB' }, false],
])(
  'a size to keep that is less than two files is refused: %p',
  (settings: Record<string, string>, isRefused) => {
    const reading = expect(() => read(settings));
    const problem = 'HEARTHKEY_AUDIT_KEEP_SIZE: expected at least twice HEARTHKEY_AUDIT_FILE_SIZE';
    if (isRefused) reading.toThrow(problem);
    else reading.not.toThrow();
  },
);

it.each([
  ['1KB', 1000],
  ['500MB', 5e8],
  ['2TB', 2e12],
  ['1.5GB', undefined],
  ['1GiB', undefined],
  ['GB', undefined],
])('%s is %p bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});
