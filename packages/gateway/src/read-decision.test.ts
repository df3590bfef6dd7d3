import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDecision, readDecisions } from './read-decision.js';

const allow = {
  allowed: true,
  code: 0,
  reason: 'allowed',
  user: 'alice',
  isRootUser: false,
  permissions: ['mail-accounts'],
  userArgPosition: 1,
  userArgPositions: [1],
};
const context = { ...allow, allowed: undefined };

describe('an allow', () => {
  it('is read whole, and without members that are not known', () => {
    expect(readDecision({ ...allow, more: 1 }, ['alice'])).toEqual(allow);
  });

  it('is no allow with any field missing or of any other value', () => {
    const field = fc.constantFrom(...(Object.keys(allow) as (keyof typeof allow)[]));
    fc.assert(
      fc.property(field, fc.option(fc.jsonValue(), { nil: undefined }), (name, value) => {
        const decision = readDecision({ ...allow, [name]: value }, ['alice']);
        if (!decision.allowed) return;
        // What may vary are the values of some, never their types.
        if (['allowed', 'code', 'reason'].includes(name)) expect(value === allow[name]).toBe(true);
        expect(typeof value).toBe(typeof allow[name]);
        expect(Array.isArray(value)).toBe(Array.isArray(allow[name]));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([[null], [[]], ['allowed'], [true], [{}], [{ allowed: 'true' }], [{ allowed: 1 }], [[allow]]])(
    'is not %j',
    (answer) => {
      expect(readDecision(answer, [])).toMatchObject({ allowed: false, reason: 'gateway_bad_answer' });
    },
  );

  it("that names another user than the question's arguments belongs to another question", () => {
    expect(readDecision(allow, ['bob'])).toMatchObject({ allowed: false, reason: 'gateway_bad_answer' });
    expect(readDecision(allow, [])).toMatchObject({ allowed: false, reason: 'gateway_bad_answer' });
    expect(readDecision({ ...allow, isRootUser: true }, ['bob']).allowed).toBe(true);
    // Without arguments in the question, the caller compares them.
    expect(readDecision(allow, undefined).allowed).toBe(true);
  });
});

describe('a deny', () => {
  it('has its code, its reason and the user', () => {
    const deny = { allowed: false, code: 10, reason: 'user_argument_mismatch', user: 'alice' };
    expect(readDecision(deny, ['bob'])).toEqual(deny);
  });

  it('with a reason that is not known keeps its code', () => {
    for (const reason of ['of_tomorrow', 'toString', '__proto__'])
      expect(readDecision({ allowed: false, code: 9, reason }, [])).toEqual({
        ...{ allowed: false, code: 9, reason: 'gateway_unknown_reason' },
      });
  });

  it.each([
    { code: 0, reason: 'key_unknown' },
    { reason: 'key_unknown' },
    { code: 9 },
    { code: 9, reason: 9 },
  ])('stays one where %j is all that it says', (answer) => {
    expect(readDecision({ allowed: false, ...answer }, [])).toMatchObject({
      ...{ allowed: false, reason: 'gateway_bad_answer' },
    });
  });
});

describe('the answer to several questions', () => {
  const questions = [{ args: ['alice'] }, { args: ['bob'] }, { args: ['alice'] }];
  const deny = { decision: false, context: { code: 9, reason: 'key_unknown' } };
  const yes = { decision: true, context };

  it('is read for each by itself, in their order', () => {
    const broken = { decision: true, context: { ...context, user: 7 } };
    const decisions = readDecisions({ evaluations: [yes, deny, broken] }, questions);
    expect(decisions.map(({ reason }) => reason)).toEqual(['allowed', 'key_unknown', 'gateway_bad_answer']);
  });

  it('takes the word of `decision`, never of its context', () => {
    const contradiction = { decision: false, context: { ...context, allowed: true } };
    expect(readDecisions({ evaluations: [contradiction] }, [{ args: ['alice'] }])[0]?.allowed).toBe(false);
  });

  it.each([
    [{ evaluations: [yes, deny] }],
    [{ evaluations: [yes, deny, yes, yes] }],
    [{ evaluations: { 0: yes, 1: yes, 2: yes, length: 3 } }],
    [{ ...yes }],
    [[yes, yes, yes]],
    [null],
  ])('denies all where it has not as many decisions: %#', (answer) => {
    for (const decision of readDecisions(answer, questions))
      expect(decision).toMatchObject({ allowed: false, reason: 'gateway_bad_answer' });
  });
});
