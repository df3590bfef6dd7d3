import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/support/folders.js';
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
} from '../secrets/generated-secret.js';
import { askBy, type Answer, type Verdict } from './ask-service.js';
import { Judge, type Finding } from './judge.js';
import { ScanFailed } from './scan-failed.js';

const unknown: Verdict = { state: 'unknown', kind: '', key: '', user: '' };
const live: Verdict = { state: 'live', kind: 'access_key', key: 'K', user: 'alice' };

/** A judge that asks this in place of a service, with what it tells. */
function judgeWith(answer: (lines: readonly string[]) => Answer) {
  const [asked, findings, unasked]: [string[][], Finding[], string[]] = [[], [], []];
  const ask = (lines: readonly string[]): Promise<Answer> => {
    asked.push([...lines]);
    return Promise.resolve(answer(lines));
  };
  const judge = new Judge(
    ask,
    (finding) => findings.push(finding),
    (file) => unasked.push(file),
  );
  const add = (secret: string, file = 'f', hasChecksum = true): Promise<void> =>
    judge.add({ secret, offset: 0, line: 1, hasChecksum }, file, '');
  const addName = (secret: string, file: string): Promise<void> =>
    judge.addName({ secret, offset: 0, line: 0, hasChecksum: true }, file, '');
  return { judge, add, addName, asked, findings, unasked };
}

describe('a judge', () => {
  it('asks about each secret once, and tells each place of it', async () => {
    const { judge, add, asked, findings } = judgeWith((lines) => ({ verdicts: lines.map(() => live) }));
    const secret = generateSecretAccessKey();
    for (const file of ['a', 'b']) await add(secret, file);
    await judge.flush();
    await add(secret, 'c');
    expect(asked).toEqual([[secret]]);
    expect(findings.map(({ file, state }) => [file, state])).toEqual([
      ['a', 'live'],
      ['b', 'live'],
      ['c', 'live'],
    ]);
  });

  it('asks about no more names of files when its service knows none of a hundred, and goes on with what is in files', async () => {
    const { judge, add, addName, asked, findings, unasked } = judgeWith((lines) => ({
      verdicts: lines.map(() => unknown),
    }));
    for (let count = 0; count < 300; count++) {
      await addName(generateSecretAccessKey(), `name ${String(count)}`);
      if (count % 100 === 0) await add(generateSecretAccessKey(), 'f');
    }
    await judge.flush();
    expect(asked.flat()).toHaveLength(103);
    expect(findings).toHaveLength(303);
    expect(new Set(findings.map(({ file }) => file)).size).toBe(301);
    expect(unasked).toEqual(['the names of files']);
  });

  it('asks about no more of a file when its service knows none of a hundred, and goes on with the next file', async () => {
    const { judge, add, asked, findings, unasked } = judgeWith((lines) => ({
      verdicts: lines.map(() => unknown),
    }));
    for (let count = 0; count < 500; count++) await add(generateSecretAccessKey());
    expect(asked.flat()).toHaveLength(100);
    const legacy = generateLegacyKey();
    await add(legacy, 'f', false);
    await add(generateSecretAccessKey(), 'g');
    await judge.flush();
    expect(asked.flat()).toHaveLength(102);
    expect(asked.flat()).toContain(legacy);
    expect([findings.length, unasked]).toEqual([501, ['f']]);
  });

  it('goes on with a file of which the service knows the secrets', async () => {
    const { judge, add, asked, unasked } = judgeWith((lines) => ({ verdicts: lines.map(() => live) }));
    for (let count = 0; count < 500; count++) await add(generateSecretAccessKey());
    await judge.flush();
    expect([asked.flat().length, unasked]).toEqual([500, []]);
  });

  it('sends fewer at once where that is too many for the service, and legacy keys as before', async () => {
    const { judge, add, asked, findings } = judgeWith((lines) =>
      lines.length > 30 && lines[0]?.length === 40 ? 'too many' : { verdicts: lines.map(() => live) },
    );
    for (let count = 0; count < 80; count++) await add(generateSecretAccessKey(), `f${String(count)}`);
    for (let count = 0; count < 80; count++) await add(generateLegacyKey(), 'g', false);
    await judge.flush();
    expect(findings).toHaveLength(160);
    expect(asked.map(({ length }) => length)).toEqual([80, 80, 40, 20, 20, 20, 20]);
  });

  it('keeps an ID beside a secret that the service does not know', async () => {
    const { judge, findings } = judgeWith((lines) => ({ verdicts: lines.map(() => unknown) }));
    const [accessKeyId, secret] = [generateAccessKeyId(), generateSecretAccessKey()];
    await judge.add({ secret, accessKeyId, offset: 0, line: 7, hasChecksum: true }, 'f', 'c');
    await judge.flush();
    expect(findings).toMatchObject([{ key: accessKeyId, line: 7, commit: 'c', state: 'unknown' }]);
  });
});

describe('a service that is asked over the command line', () => {
  const row = { STATE: 'live', KIND: 'access_key', KEY: 'K', USER: 'alice', SECRET: 'x', ACTION: 'none' };
  const answered = { code: 0, stdout: JSON.stringify({ 1: row }), stderr: '' };

  /** A command line that ends so each time it is called, one after the other. */
  function programThat(...endings: readonly { code: number; stdout?: string; stderr?: string }[]): string {
    const file = join(temporaryFolder(), 'cli.cjs');
    const calls = join(temporaryFolder(), 'calls');
    writeFileSync(calls, '');
    writeFileSync(
      file,
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(calls)}, 'x');
       const at = fs.readFileSync(${JSON.stringify(calls)}).length - 1;
       const { code, stdout = '', stderr = '' } = ${JSON.stringify(endings)}[at];
       fs.writeSync(1, stdout); fs.writeSync(2, stderr); process.exit(code);`,
    );
    return file;
  }

  const waitsMs = [1, 1];
  const gone = { code: 15, stderr: 'Error: no Hearthkey service answers at /s\n' };

  it('is asked again while it is busy, or is being started again', async () => {
    const notes: string[] = [];
    const noted = { ...answered, stderr: 'Legacy keys: 3\n' };
    const ask = askBy(programThat({ code: 14 }, noted, gone, { code: 14 }, answered), {
      waitsMs,
      onNote: (line) => notes.push(line),
    });
    for (let round = 0; round < 2; round++)
      expect(await ask(['s'])).toEqual({
        verdicts: [{ state: 'live', kind: 'access_key', key: 'K', user: 'alice' }],
      });
    expect(notes).toEqual(['Legacy keys: 3']);
  });

  it('that answered before and is gone for good ends the scan, and so does one that refuses', async () => {
    const ask = askBy(programThat(answered, gone, gone, gone), { waitsMs });
    await ask(['s']);
    await expect(ask(['s'])).rejects.toThrow(ScanFailed);
    for (const ending of [
      { code: 17, stdout: 'Error: the store\n' },
      { code: 0, stdout: 'no JSON' },
      { code: 0, stdout: '{}' },
    ])
      await expect(askBy(programThat(ending), { waitsMs })(['s'])).rejects.toThrow(ScanFailed);
  });

  it('is none where nothing answered before, but not where a connection was lost', async () => {
    expect(await askBy(programThat(gone), { waitsMs })(['s'])).toEqual({
      noService: 'Error: no Hearthkey service answers at /s',
    });
    const lost = { code: 15, stderr: 'Error: the service ended before it answered\n' };
    await expect(askBy(programThat(lost, lost, lost), { waitsMs })(['s'])).rejects.toThrow(ScanFailed);
  });

  it('may look for fewer at once', async () => {
    expect(await askBy(programThat({ code: 8 }), { waitsMs })(['s', 't'])).toBe('too many');
    await expect(askBy(programThat({ code: 8 }), { waitsMs })(['s'])).rejects.toThrow(ScanFailed);
  });
});
