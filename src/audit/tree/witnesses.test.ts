import { beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { atEnd } from '../../../test/support/clean-up.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { within } from '../../../test/support/waiting.js';
import { AuditKey } from '../key/audit-key.js';
import { emptyRoot, GrowingTree, tileWidth } from './merkle.js';
import { isConsistent, TreeProofs } from './proofs.js';
import type { SignedHead } from './record-tree.js';
import { cosign, signCheckpoint } from './signed-note.js';
import { Witnesses } from './witnesses.js';

const key = AuditKey.generate();
const origin = `hearthkey/${'c'.repeat(32)}`;
const leaves = Array.from({ length: 40 }, (_, index) => String(index).padEnd(32, '.'));

function headOf(size: number): SignedHead {
  const tree = new GrowingTree();
  for (const leaf of leaves.slice(0, size)) tree.push(leaf);
  const root = tree.root();
  return { origin, size, root, sequence: size, note: signCheckpoint(key, { origin, size, root }) };
}

const tree = {
  proofs: (size: number) =>
    new TreeProofs(size, (level, index, width) =>
      level + index > 0 || width > tileWidth
        ? Promise.reject(new Error('there is one tile'))
        : Promise.resolve(Buffer.from(leaves.slice(0, width).join(''), 'latin1')),
    ),
};

let requests: { path: string; body: string }[];
let cosigned: string[][];

beforeEach(() => {
  [requests, cosigned] = [[], []];
});

async function serverThat(answers: (response: ServerResponse, body: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', body });
      answers(response, body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => server.closeAllConnections());
  atEnd(() => void server.close());
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/w`;
}

const witnessesAt = (place: string): Witnesses =>
  new Witnesses([place], tree, (name, { size }, line) => {
    cosigned.push([name, String(size), line]);
    return Promise.resolve();
  });

/** Tells it of heads, one after the other; each has been answered when it returns. */
async function tell(witnesses: Witnesses, url: string, ...heads: SignedHead[]): Promise<void> {
  for (const head of heads) {
    const before = requests.length;
    witnesses.problems.set(url, 'not told yet');
    witnesses.tell(head);
    await within(5000, 'the witness was asked', () => requests.length > before);
    await within(5000, 'it has answered', () => witnesses.problems.get(url) !== 'not told yet');
  }
}

describe('a server that is a witness', () => {
  it('gets each head with the proof that it goes on from the one before, and its signature is kept', async () => {
    const witness = AuditKey.generate();
    const url = await serverThat((response, body) => {
      const note = body.slice(body.indexOf('\n\n') + 2);
      response.end(cosign(witness, note, 0).replaceAll(witness.name, 'witness.example'));
    });
    const [first, second] = [headOf(7), headOf(33)];
    await tell(witnessesAt(url), url, first, second);
    expect(requests.map(({ path }) => path)).toEqual(['/w/add-checkpoint', '/w/add-checkpoint']);
    expect(requests[0]?.body).toBe(`old 0\n\n${first.note}`);
    const [old, ...proof] = requests[1]?.body.split('\n\n')[0]?.split('\n') ?? [];
    const hashes = proof.map((hash) => Buffer.from(hash, 'base64').toString('latin1'));
    expect(old).toBe('old 7');
    expect(isConsistent(first, second, hashes)).toBe(true);
    expect(isConsistent({ ...first, root: emptyRoot }, second, hashes)).toBe(false);
    expect(cosigned.map(([name, size]) => [name, size])).toEqual([
      ['witness.example', '7'],
      ['witness.example', '33'],
    ]);
  });

  it('that knows another size is told from there', async () => {
    const url = await serverThat((response, body) => {
      response.statusCode = body.startsWith('old 5\n') ? 200 : 409;
      response.end(response.statusCode === 200 ? '' : '5\n');
    });
    const witnesses = witnessesAt(url);
    await tell(witnesses, url, headOf(9));
    expect(requests.map(({ body }) => body.split('\n')[0])).toEqual(['old 0', 'old 5']);
    expect(witnesses.problems.size).toBe(0);
  });

  it('may sign for nobody else: not for a node, nor under ever more names', async () => {
    let next = 0;
    const url = await serverThat((response) => {
      const names = Array.from({ length: 20 }, () => `witness-${String(next++)}.example`);
      response.end([key.name, ...names].map((name) => `\u2014 ${name} AAAA\n`).join(''));
    });
    await tell(witnessesAt(url), url, headOf(1), headOf(2), headOf(3));
    expect(cosigned.map(([name]) => name)).toEqual([0, 1, 2, 3].map((at) => `witness-${String(at)}.example`));
  });

  it('that answers without end, elsewhere or with an error is a problem, and nothing it says is kept', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.end(`\u2014 w AAAA\n${'x'.repeat(1_000_000)}`),
      (response) => response.writeHead(307, { location: '/elsewhere' }).end(),
      (response) => response.writeHead(500).end('\u2014 w AAAA\n'),
    ];
    for (const answer of answers) {
      requests = [];
      const url = await serverThat(answer);
      const witnesses = witnessesAt(url);
      await tell(witnesses, url, headOf(1));
      expect(witnesses.problems.has(url)).toBe(true);
      expect(requests.map(({ path }) => path)).toEqual(['/w/add-checkpoint']);
    }
    expect(cosigned).toEqual([]);
  });
});

describe('a file that is a witness', () => {
  it('gets each head appended, and all of them are found again, whatever stands between', async () => {
    const file = join(temporaryFolder(), 'heads');
    const witnesses = witnessesAt(file);
    const heads = Array.from({ length: 40 }, (_, index) => headOf(index + 1));
    for (const head of heads) {
      const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      await within(5000, 'it is there', () => {
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > before) return true;
        // One that is still being written to leaves a head out: the next one has all that is in it.
        witnesses.tell(head);
        return false;
      });
      appendFileSync(file, head.size % 10 === 0 ? `${'no head '.repeat(20_000)}\n` : '');
    }
    const found: string[] = [];
    for await (const note of witnesses.notesIn(file)) found.push(note);
    expect(found).toEqual(heads.map(({ note }) => note));
    writeFileSync(file, readFileSync(file).subarray(0, -10));
    found.splice(0);
    for await (const note of witnesses.notesIn(file)) found.push(note);
    expect(found).toHaveLength(heads.length);
  });
});
