import { beforeEach, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../../test/support/certificates.js';
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
  const file = join(temporaryFolder(), 'cert.pem');
  const { cert } = selfSigned('DNS:localhost');
  const endsAtMs = Date.parse(new X509Certificate(cert).validTo);
  const problemsBefore = (leftMs: number) =>
    endingCertificate(file, endsAtMs - leftMs).map(({ problem }) => problem);
  beforeEach(() => writeFileSync(file, cert));

  it('is no matter while it lasts 30 days, or where there is no TLS', () => {
    expect(problemsBefore(30 * day)).toEqual([]);
    expect(endingCertificate(undefined, endsAtMs)).toEqual([]);
  });

  it('is reported when it ends within 30 days, has ended, or is none', () => {
    expect(problemsBefore(30 * day - 1000)).toEqual(['ends in 29 days']);
    expect(problemsBefore(day)).toEqual(['ends in 1 day']);
    expect(problemsBefore(-1000)).toEqual(['has ended']);
    writeFileSync(file, 'nonsense');
    expect(problemsBefore(day)).toEqual(["can't be read"]);
    expect(endingCertificate(`${file}.gone`, endsAtMs)).toHaveLength(1);
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
