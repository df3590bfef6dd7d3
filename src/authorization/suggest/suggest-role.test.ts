import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  childId,
  decideAll,
  factsOf,
  historyMade,
  lineOf,
  makersAt,
  run,
  subjectId,
  withKey,
  withRole,
  type History,
  type World,
} from '../../../test/suggest/histories.js';
import { readDecision } from './decision-line.js';
import { rootUserRule } from '../../users/root-user.js';
import { argumentsIn } from './decision-line.js';
import { planKey, type SubjectKey } from './plan-key.js';
import { suggestForKey } from './suggest-role.js';
import type { SuggestedRole } from './suggestion.js';
import { UseTally } from './use-tally.js';

/** More of them by hand: `SUGGEST_HISTORIES=10000`. */
const histories = Number(process.env['SUGGEST_HISTORIES'] ?? 300);

describe('the smallest role from use', () => {
  it('denies nothing that was allowed and still is, and allows nothing more', () => {
    fc.assert(
      fc.property(historyMade, (history) => {
        const { requests, now } = history;
        const suggested = suggest(history);
        const was = decideAll(requests, (index) => worldAt(history, index));
        const present = decideAll(requests, () => now);
        const wanted = withoutSuspension(suggested.commandLines);
        const after = decideAll(requests, () => run(now, wanted));
        requests.forEach((request, index) => {
          const isAllowed = (decisions: typeof was): boolean => decisions[index]?.outcome === 'allow';
          if (isAllowed(was) && isAllowed(present))
            expect([request, after[index]?.outcome]).toEqual([request, 'allow']);
          if (isAllowed(after)) expect([request, present[index]?.outcome]).toEqual([request, 'allow']);
        });
      }),
      { numRuns: histories },
    );
  });

  it('has no command that could be left out', () => {
    let tried = 0;
    fc.assert(
      fc.property(historyMade, (history) => {
        const { requests, now } = history;
        const { commands, role, notes } = suggest(history);
        if (notes.some(({ code }) => code === 'needs_everything' || code === 'maker_lacks')) return;
        const allowedWith = (names: readonly string[]): number => {
          const safe = commands.filter(({ command, isSafe }) => isSafe && names.includes(command));
          const world = withRole(now, 'least', {
            role,
            commands: names,
            safe: safe.map(({ command }) => command),
          });
          const makers = now.keys.filter(({ id, user, permissions }) => {
            return id !== subjectId && id !== childId && (user !== 'admin' || permissions.length > 0);
          });
          const open = makers.reduce(
            (each, { id, permissions }) => withKey(each, id, { permissions: [...permissions, 'least'] }),
            withKey(world, subjectId, { permissions: ['least'] }),
          );
          return decideAll(requests, () => open).filter(({ outcome }) => outcome === 'allow').length;
        };
        const all = commands.map(({ command }) => command);
        for (const left of all) {
          tried++;
          expect(allowedWith(all.filter((each) => each !== left))).toBeLessThan(allowedWith(all));
        }
      }),
      { numRuns: histories },
    );
    expect(tried).toBeGreaterThan(histories / 10);
  });
});

function suggest(history: History): SuggestedRole {
  const { now, requests } = history;
  const place = now.keys.findIndex(({ id }) => id === subjectId);
  const standing = (at: number) => ({ key: now.keys[at] ?? never(), makers: makersAt(now, at) });
  const subject: SubjectKey = {
    ...standing(place),
    made: now.keys.slice(place + 1).map((_, index) => standing(place + 1 + index)),
  };
  const made = subject.made.map(({ key }) => key.id);
  const countsRefused = subject.key.rateLimit === undefined || subject.makers.length > 0;
  const tally = new UseTally([{ id: subjectId, made, countsRefused }]);
  decideAll(requests, (index) => worldAt(history, index)).forEach((decision, index) => {
    const request = requests[index] ?? never();
    const line = lineOf(request, decision);
    const read = readDecision(line) ?? never();
    tally.add(read, () => rootUserRule(request.command, argumentsIn(line) ?? [], 'admin') !== undefined);
  });
  const facts = factsOf(now);
  return suggestForKey(planKey(subject, tally, facts), facts);
}

function worldAt({ before, now, changedAt }: History, index: number): World {
  return index < changedAt ? before : now;
}

/** A key that was not used had better be suspended: nothing was allowed to it. */
function withoutSuspension(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith('v-suspend-access-key'));
}

function never(): never {
  throw new Error('it is there');
}
