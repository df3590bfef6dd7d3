import type { AccessKey } from '../../keys/access-key.js';
import { AppError, ReturnCode } from '../../errors.js';
import type { AccessKeyList } from '../../keys/listing/access-key-list.js';
import { makersOf, noMakers, type Maker } from '../../keys/makers/makers.js';
import type { StandingKey } from './key-standing.js';
import type { SubjectKey } from './plan-key.js';
import type { Subject } from './suggestion.js';

export type KeyReader = Pick<AccessKeyList, 'find' | 'parts' | 'page' | 'makersOf' | 'madeBy'>;

/** Of one subject: what is known of each is in memory. */
const mostKeys = 1000;
/** Keys that they made; one that several of them made in turn counts for each. */
const mostMade = 5000;

/**
 * The keys that a suggestion is about, each with those that made it and those that it made.
 *
 * @throws AppError 8 for more than a suggestion can be made for
 */
export async function readSubjectKeys(
  reader: KeyReader,
  subject: Subject,
  requireAwaited: () => void,
): Promise<SubjectKey[]> {
  const found = new Map<string, AccessKey>();
  for await (const part of listKeys(reader, subject)) {
    requireAwaited();
    for (const key of part) found.set(key.id, key);
    if (found.size > mostKeys) throw tooMany(subject, `has more than ${String(mostKeys)} keys`);
  }
  const keys: SubjectKey[] = [];
  let room = mostMade;
  for (const key of found.values()) {
    requireAwaited();
    const makers = await reader.makersOf(key);
    // What an API can do without is asked of each key by itself.
    const made = subject.kind === 'api' ? [] : await readMade(reader, { key, makers }, room);
    room -= made.length;
    if (room < 0) throw tooMany(subject, `has keys that made more than ${String(mostMade)} others`);
    keys.push({ key, makers, made });
  }
  return keys;
}

function tooMany({ kind, name }: Subject, why: string): AppError {
  const advice = kind === 'key' ? '' : ': ask for one of them';
  return new AppError(ReturnCode.LIMIT, `${name} ${why}${advice}`);
}

async function* listKeys(reader: KeyReader, { kind, name }: Subject): AsyncGenerator<AccessKey[]> {
  if (kind === 'key') {
    const key = await reader.find(name);
    yield key === undefined ? [] : [key];
  } else if (kind === 'user') {
    for await (const part of reader.parts(name, false)) yield part.keys;
  } else {
    let after: Awaited<ReturnType<KeyReader['page']>>['last'];
    do {
      const page = await reader.page({ permission: name }, 'id', 200, after);
      yield page.keys;
      // One that can do all that its maker can has the maker's APIs without naming them.
      for (const { id } of page.keys) yield await reader.madeBy(id, mostKeys);
      after = page.last;
    } while (after !== undefined);
  }
}

/** The keys that one made, each with its makers: those between the two, that one, and its own. */
async function readMade(
  reader: KeyReader,
  { key, makers }: { key: AccessKey; makers: StandingKey['makers'] },
  most: number,
): Promise<StandingKey[]> {
  const made = await reader.madeBy(key.id, most);
  const family = new Map([key, ...made].map((each) => [each.id, each]));
  const above = new Map(
    makers.map((each, index) => {
      const makerId = makers[index + 1]?.id;
      return [each.id, { ...each, ...(makerId !== undefined && { makerId }) }];
    }),
  );
  return made.map((each) => {
    return { key: each, makers: makersOf<Maker>(each, (id) => family.get(id) ?? above.get(id)) ?? noMakers };
  });
}
