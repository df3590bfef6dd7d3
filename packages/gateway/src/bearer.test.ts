import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readBearer as asTheServiceReads } from '../../../src/http/rest/rest-credentials.js';
import { readBearer } from './bearer.js';

describe('the Authorization header', () => {
  it.each([
    ['Bearer ID:SECRET', 'ID', 'SECRET'],
    ['bearer   ID:SECRET ', 'ID', 'SECRET'],
    ['ID:SECRET', 'ID', 'SECRET'],
    ['Bearer ID:', '', ''],
    ['Bearer ID:SE:CRET', '', ''],
    ['Basic SUQ6U0VDUkVU', '', ''],
    [`Bearer ID:${'x'.repeat(600)}`, '', ''],
  ])('%s', (header, accessKeyId, secretAccessKey) => {
    expect(readBearer([header])).toEqual({ accessKeyId, secretAccessKey });
  });

  it('has no credentials where it is missing, or there twice', () => {
    const none = { accessKeyId: '', secretAccessKey: '' };
    expect(readBearer([])).toEqual(none);
    expect(readBearer(['Bearer ID:SECRET', 'Bearer ID:SECRET'])).toEqual(none);
  });

  it("is read as the service's REST dialect reads it", () => {
    const part = fc.stringMatching(/^[\sA-Za-z0-9:_-]{0,12}$/);
    const header = fc
      .tuple(fc.constantFrom('', 'Bearer', 'bearer ', 'BEARER\t', 'Basic '), part, part)
      .map(([scheme, id, secret]) => `${scheme} ${id}:${secret}`);
    fc.assert(
      fc.property(fc.array(header, { maxLength: 2 }), (headers) => {
        expect(readBearer(headers)).toEqual(asTheServiceReads(headers));
      }),
    );
  });
});
