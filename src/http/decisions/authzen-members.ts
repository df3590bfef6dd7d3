import { parseAddress } from '../../network/address-range.js';

/*
 * AuthZEN allows members that nobody knows, and they are passed over. A misspelt one of ours would be passed over, too:
 * `clientIP` would silently become "the caller's own address". So whatever looks like one of ours is refused by name.
 */

/** What a question is made of: each part's own members, and the parts within it. */
interface Part {
  own: readonly string[];
  parts?: Readonly<Record<string, Part>>;
}

const open: Part = { own: [] };
const evaluation: Part = {
  own: ['subject', 'action', 'resource', 'context'],
  parts: {
    subject: {
      own: ['type', 'id', 'properties'],
      parts: { properties: { own: ['accessKeyId', 'secretAccessKey'] } },
    },
    action: { own: ['name', 'properties'], parts: { properties: open } },
    resource: { own: ['type', 'id', 'properties'], parts: { properties: { own: ['args'] } } },
    context: { own: ['clientIp'] },
  },
};
const evaluations: Part = {
  own: [...evaluation.own, 'evaluations', 'options'],
  parts: { ...evaluation.parts, options: { own: ['evaluations_semantic'] } },
};

/** Read somewhere in a question: in any other place they would be passed over. */
const wherever = ['accessKeyId', 'secretAccessKey', 'args', 'clientIp'];

/** Other usual names of what we read, without their case, `_` and `-`. */
const synonyms: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['arg', 'argument', 'arguments', 'argv'].map((name) => [name, 'args'])),
  ...Object.fromEntries(
    [
      ...['ip', 'ipaddress', 'ipaddr', 'ipv4', 'ipv6', 'address', 'addr', 'remoteip', 'remoteaddress'],
      ...['remoteaddr', 'remotehost', 'clientaddress', 'clientaddr', 'clientipaddress', 'clientipaddr'],
      ...['clienthost', 'sourceip', 'sourceaddress', 'sourceaddr', 'sourceipaddress', 'srcip', 'srcaddr'],
      ...['srcaddress', 'peerip', 'peeraddress', 'peeraddr', 'userip', 'useraddress', 'useripaddress'],
      ...['useraddr', 'userhostaddress', 'requestip', 'requestaddress', 'requesterip', 'requestipaddress'],
      ...['callerip', 'calleraddress', 'originip', 'originaddress', 'realip', 'xrealip', 'forwardedfor'],
      ...['xforwardedfor', 'forwarded', 'xclientip', 'trueclientip', 'cfconnectingip', 'connectingip'],
      ...['hostip', 'ipclient', 'ipremote', 'ipsource', 'visitorip', 'remoteipaddress', 'peeripaddress'],
    ].map((name) => [name, 'clientIp']),
  ),
};

/** Words of their own that are near to `clientIp`; an address in one of them is meant as ours all the same. */
const otherWords = new Set([
  ...['client', 'clients', 'clientid', 'clientids', 'clientidp', 'clientapp', 'clientos', 'clienttype'],
]);

/** Each unknown name is compared with ours, so there may be only so many of them in a request. */
const maxUnknown = 1000;

/** A member that is refused, by where it stands, and what it seems to mean; undefined: it is one too many. */
export interface Lookalike {
  place: string;
  meant: string | undefined;
}

/** How many unknown members there may still be. */
interface Budget {
  left: number;
}

/** @returns the first member of a single question that looks like one of ours and is none */
export function findLookalike(question: object): Lookalike | undefined {
  return findIn(question, evaluation, '', { left: maxUnknown });
}

/** The same of a request with several. */
export function findLookalikeInAll(request: {
  evaluations?: readonly object[] | undefined;
}): Lookalike | undefined {
  const budget = { left: maxUnknown };
  const found = findIn(request, evaluations, '', budget);
  if (found !== undefined) return found;
  for (const [index, item] of (request.evaluations ?? []).entries()) {
    const inItem = findIn(item, evaluation, `evaluations[${String(index)}].`, budget);
    if (inItem !== undefined) return inItem;
  }
  return undefined;
}

function findIn(
  value: object,
  { own, parts = {} }: Part,
  place: string,
  budget: Budget,
): Lookalike | undefined {
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (!own.includes(name)) {
      const meant = meantBy(name, member, own);
      if (meant !== undefined || budget.left-- === 0) return { place: `${place}${shortened(name)}`, meant };
      continue;
    }
    const part = parts[name];
    if (part === undefined || typeof member !== 'object' || member === null) continue;
    const found = findIn(member, part, `${place}${name}.`, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

function meantBy(name: string, member: unknown, own: readonly string[]): string | undefined {
  // No name of ours is nearly as long, so nothing is compared with the names of floods.
  if (name.length > 64) return undefined;
  const plain = withoutStyle(name);
  if (otherWords.has(plain) && !(typeof member === 'string' && parseAddress(member.trim()) !== undefined))
    return undefined;
  return synonyms[plain] ?? [...own, ...wherever].find((ours) => isNear(plain, withoutStyle(ours)));
}

function withoutStyle(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Short names are near only to themselves: there are too many words of that length. */
function isNear(name: string, ours: string): boolean {
  const allowed = ours.length >= 8 ? 2 : ours.length >= 6 ? 1 : 0;
  return Math.abs(name.length - ours.length) <= allowed && distance(name, ours) <= allowed;
}

/** How many letters have to be put in, left out or changed to make one of the other, or two neighbours swapped. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const at = (up: number, left: number): number => (rows[i - up] ?? row)[j - left] ?? 0;
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(at(1, 0) + 1, (row[j - 1] ?? 0) + 1, at(1, 1) + change);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwap) least = Math.min(least, at(2, 2) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}

function shortened(name: string): string {
  return name.length <= 40 ? name : `${name.slice(0, 40)}…`;
}
