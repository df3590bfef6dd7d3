import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../../test/support/certificate.js';
import { temporaryFolder } from '../../test/support/folders.js';
import {
  endingCertificate,
  everybodyAllowed,
  fullDisk,
  nobodyAllowed,
  unknownSettings,
} from './setup-checks.js';

const day = 86_400_000;
const gib = 2 ** 30;
const settings = { API: 'no', API_SYSTEM: '1', DEMO_MODE: 'no' };

describe('the certificate', () => {
  const nowMs = Date.UTC(2026, 5, 1);
  const file = join(temporaryFolder(), 'cert.pem');
  const problemsAt = (endsAtMs: number) => {
    writeFileSync(file, makeCertificate(endsAtMs).cert);
    return endingCertificate(file, nowMs).map(({ problem }) => problem);
  };

  it('is no matter while it lasts 30 days, or where there is no TLS', () => {
    expect(problemsAt(nowMs + 30 * day)).toEqual([]);
    expect(endingCertificate(undefined, nowMs)).toEqual([]);
  });

  it('is reported when it ends within 30 days, has ended, or is none', () => {
    expect(problemsAt(nowMs + 30 * day - 1000)).toEqual(['ends in 29 days']);
    expect(problemsAt(nowMs + day)).toEqual(['ends in 1 day']);
    expect(problemsAt(nowMs - 1000)).toEqual(['has ended']);
    writeFileSync(file, 'nonsense');
    expect(endingCertificate(file, nowMs).map(({ problem }) => problem)).toEqual(["can't be read"]);
    expect(endingCertificate(`${file}.gone`, nowMs)).toHaveLength(1);
  });
});

it('an empty allow list is reported while any API is on', () => {
  expect(nobodyAllowed(settings, [])).toHaveLength(1);
  expect(nobodyAllowed({ ...settings, API_SYSTEM: '0', API: 'yes' }, [])).toHaveLength(1);
  expect(nobodyAllowed({ ...settings, API_SYSTEM: '0' }, [])).toEqual([]);
  expect(nobodyAllowed(settings, ['203.0.113.9'])).toEqual([]);
});

it('every entry that lets everybody in is reported, and no other', () => {
  const entries = ['203.0.113.0/24', 'allow-all', '0.0.0.0', '0.0.0.0/0', '::/0', '::1'];
  expect(everybodyAllowed(entries).map(({ subject }) => subject)).toEqual(
    ['allow-all', '0.0.0.0', '0.0.0.0/0', '::/0'].map((entry) => `API_ALLOWED_IP ${entry}`),
  );
});

it('a disk is reported when little is free, both in part and in bytes', () => {
  const isReported = (freeBytes: number, totalBytes: number) =>
    fullDisk('/d', { freeBytes, totalBytes }).length > 0;
  expect(isReported(4 * gib, 100 * gib)).toBe(true);
  expect(isReported(6 * gib, 1000 * gib)).toBe(false);
  expect(isReported(6 * gib, 100 * gib)).toBe(false);
  expect(isReported(0.2 * gib, gib)).toBe(true);
  expect(isReported(0.5 * gib, gib)).toBe(false);
});

it('a setting that is none is reported by its name', () => {
  expect(unknownSettings(['HEARTHKEY_LISTENS']).map(({ subject }) => subject)).toEqual(['HEARTHKEY_LISTENS']);
});
