import { expect, it } from '@jest/globals';
import { RecordWalk } from './record-walk.js';

const previous = 'a'.repeat(64);
const chain = 'c'.repeat(32);
const target = { chain, previous, key: 'k', tree: '302', why: 'identity_lost' };
const line = `{"seq":302,"id":"x","type":"note","target":${JSON.stringify(target)},"mac":"${'b'.repeat(64)}"}`;

it.each([
  ['a stated beginning', { stated: { begin: 302, previous } }, 1],
  ['a stated beginning and an earlier number', { stated: { begin: 302, previous }, from: 200 }, 1],
  ['the number that an operator asked for', { stated: { begin: 200, previous }, from: 302 }, 0],
])('a new tree that begins with %s is told of or not', (_, options, count) => {
  const walk = new RecordWalk({ ...options, known: [], chain, isNext: () => true });
  walk.take(Buffer.from(line), 'events.jsonl line 1');
  walk.end();
  expect(walk.findings.filter(({ problem }) => problem.includes('a new tree begins'))).toHaveLength(count);
});
