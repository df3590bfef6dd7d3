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
import { argumentsIn, readDecision } from './decision-line.js';
import { planKey, type SubjectKey } from './plan-key.js';
import { readSubjectKeys, type KeyReader } from './subject-keys.js';
import { neededThrough, suggestForApi, suggestForKey } from './suggest-role.js';
import { isLeftAsIs, type SuggestedRole } from './suggestion.js';
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
        if (isLeftAsIs(notes)) return;
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

describe('what an API can do without', () => {
  it('is not missed by any key that has it, and nothing of the rest could be left out', () => {
    let tried = 0;
    fc.assert(
      fc.property(historyMade, (history) => {
        const { requests, now } = history;
        const allowedIn = (world: World): boolean[] =>
          decideAll(requests, () => world).map(({ outcome }) => outcome === 'allow');
        const was = decideAll(requests, (index) => worldAt(history, index));
        const { commands, commandLines } = suggestForR0(history);
        const after = run(now, commandLines);
        const [present, narrowed] = [allowedIn(now), allowedIn(after)];
        was.forEach(({ outcome }, index) => {
          if (outcome === 'allow' && present[index] === true) expect(narrowed[index]).toBe(true);
          if (narrowed[index] === true) expect(present[index]).toBe(true);
        });
        const role = after.roles.get('r0');
        const holding = [...now.roles.values()].filter(({ only }) => only !== undefined);
        for (const { command } of commands) {
          // It may have been used with other arguments than a role holds now.
          if (holding.some((each) => each.commands.includes(command))) continue;
          tried++;
          const rest = (names: readonly string[]): string[] => names.filter((each) => each !== command);
          const { commands: all, safe, role: kind } = role ?? never();
          const without = withRole(after, 'r0', { role: kind, commands: rest(all), safe: rest(safe) });
          expect(allowedIn(without)).not.toEqual(narrowed);
        }
      }),
      { numRuns: histories },
    );
    expect(tried).toBeGreaterThan(histories / 100);
  });
});

it('is refused for keys that made too many others', async () => {
  const key = { id: subjectId, user: 'alice', permissions: ['r0'], isSuspended: false };
  const made = (most: number) =>
    Array.from({ length: most + 1 }, (_, index) => ({ ...key, id: String(index), makerId: subjectId }));
  const reader = {
    find: () => Promise.resolve(key),
    makersOf: () => Promise.resolve([]),
    madeBy: (_: string, most = 0) => Promise.resolve(made(most)),
  };
  const read = readSubjectKeys(
    reader as unknown as KeyReader,
    { kind: 'key', name: subjectId },
    () => undefined,
  );
  await expect(read).rejects.toMatchObject({ code: 8 });
});

function suggestForR0(history: History): SuggestedRole {
  const { now } = history;
  const facts = factsOf(now);
  const first = now.keys.findIndex(({ permissions }) => permissions.includes('r0'));
  // The keys that have it, and all that those made.
  const keys = first === -1 ? [] : now.keys.map((_, at) => standingAt(now, at)).slice(first);
  const talliedKeys = keys.map(({ key }) => ({ id: key.id, made: [], countsRefused: true }));
  const tally = new UseTally(talliedKeys, facts);
  tell(history, tally);
  const needed = keys.flatMap((key) => neededThrough('r0', { ...key, made: [] }, tally, facts));
  return suggestForApi('r0', needed, [], facts);
}

function standingAt(world: World, at: number) {
  return { key: world.keys[at] ?? never(), makers: makersAt(world, at) };
}

function suggest(history: History): SuggestedRole {
  const { now } = history;
  const place = now.keys.findIndex(({ id }) => id === subjectId);
  const subject: SubjectKey = {
    ...standingAt(now, place),
    made: now.keys.slice(place + 1).map((_, index) => standingAt(now, place + 1 + index)),
  };
  const made = subject.made.map(({ key }) => key.id);
  const countsRefused = subject.key.rateLimit === undefined || subject.makers.length > 0;
  const facts = factsOf(now);
  const tally = new UseTally([{ id: subjectId, made, countsRefused }], facts);
  tell(history, tally);
  return suggestForKey(planKey(subject, tally, facts), facts);
}

/** Has the tally read what was decided, from the lines of the record. */
function tell(history: History, tally: UseTally): void {
  const { requests } = history;
  decideAll(requests, (index) => worldAt(history, index)).forEach((decision, index) => {
    const request = requests[index] ?? never();
    const line = lineOf(request, decision);
    const read = readDecision(line) ?? never();
    tally.add(read, () => argumentsIn(line));
  });
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
