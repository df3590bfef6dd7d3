import { describe, expect, it } from '@jest/globals';
import { isRefusal, reasonOf, takesNoWrites } from './redis-errors.js';

class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

describe('what is logged of an error of Redis', () => {
  it.each([
    ["ERR unknown command `HELLO`, with args beginning with: `3`, 'AUTH', `hunter2`", 'ERR unknown command'],
    [
      "All sentinels are unreachable. Last error: ERR unknown command 'AUTH', 'hunter2'",
      'All sentinels are unreachable. Last error: ERR unknown command',
    ],
    [
      'Command queue state error. Please report this. Last reply: hunter2',
      'Command queue state error. Please report this.',
    ],
    ['Command queue state error. Last reply: a\nhunter2', 'Command queue state error.'],
    [`OOM ${'x'.repeat(500)}`, `OOM ${'x'.repeat(156)}`],
  ])('is nothing that the server has quoted, as in %s', (message, reason) => {
    expect(reasonOf(new ReplyError(message))).toBe(reason);
    expect(reasonOf(new Error(message))).toBe(reason);
  });

  it('is the cause, where a Cluster has one, and the code, where there is no message', () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED '127.0.0.1'"), { code: 'ECONNREFUSED' });
    const ofCluster = Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: cause });
    expect(reasonOf(ofCluster)).toBe("connect ECONNREFUSED '127.0.0.1'");
    expect(reasonOf(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(reasonOf('hunter2')).toBe('unknown reason');
  });

  it('tells a refusal from a lost connection, and a server that takes no writes from others', () => {
    expect(isRefusal(new ReplyError('OOM'))).toBe(true);
    expect(isRefusal(new Error('Connection is closed.'))).toBe(false);
    for (const message of ['READONLY You', 'MASTERDOWN Link', 'CLUSTERDOWN Hash'])
      expect(takesNoWrites(new ReplyError(message))).toBe(true);
    expect(takesNoWrites(new ReplyError('OOM READONLY'))).toBe(false);
  });
});
