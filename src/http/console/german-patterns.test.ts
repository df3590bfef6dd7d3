/** German sentences that are found by the English ones: each pattern has to fit a sentence of the program. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { parseRoleFile } from '../../apis/role-file.js';
import { judgeStart } from '../../audit/record/judge-start.js';
import { knownDetails } from './api/problem-words.de.js';
import { auditProblems, germanAuditProblem } from './doctor/audit-problems.de.js';
import { germanProblem, knownProblems, type GermanPattern } from './known-problems.de.js';

const source = join(import.meta.dirname, '../..');

/** All texts in a file of the program; what is inserted in one is a 7. */
function textsIn(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(join(source, path), 'utf8'), ts.ScriptTarget.Latest);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push(node.head.text + node.templateSpans.map(({ literal }) => `7${literal.text}`).join(''));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

/** These say where a mistake is in words that are put together, so they are asked for. */
function roleFileProblems(): string[] {
  const files = [
    ...['x', "ROLE='x'\n", "WHAT='x'\n", "ROLE='user'\nROLE='admin'\n", "ROLE='user'\nx\n"],
    ...[`COMMANDS='${'v-x,'.repeat(500_000)}'`],
  ];
  return files.map((text) => {
    try {
      parseRoleFile(text);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error(`no problem: ${text.slice(0, 100)}`);
  });
}

/** What a start says of a node whose identity is another one than its key file knows: as a whole, and in its parts. */
function identityProblems(): string[] {
  const [finding] = judgeStart({
    ...{ keyWasThere: true, keyFile: '/key', headFileIsEmpty: false, node: 'b', folderChain: undefined },
    kept: { sequence: 7, hash: 'h', treeBegin: 1, chain: 'c', node: 'a', stored: 0 },
    ...{ store: {}, storeSigned: 0, newest: undefined, tail: undefined },
  }).findings;
  const [, list = ''] = finding?.problem.split(': ') ?? [];
  return [finding?.problem ?? '', list, ...list.split('; ')];
}

describe('German sentences that are found by the English ones', () => {
  let sentences: Set<string>;

  beforeAll(() => {
    const paths = readdirSync(source, { recursive: true, encoding: 'utf8' });
    const program = paths.filter((path) => /\.tsx?$/.test(path) && !/\.(?:test|de)\.tsx?$/.test(path));
    const texts = program.flatMap(textsIn);
    // `notFound` (errors.ts) is given what is missing.
    const missing = texts.map((text) => `${text} doesn't exist`);
    sentences = new Set([...texts, ...missing, ...roleFileProblems(), ...identityProblems()]);
  });

  it.each<[string, readonly GermanPattern[]]>([
    ['problems', knownProblems],
    ['problems of the audit record', auditProblems],
    ['details of refusals', knownDetails],
  ])('fit sentences of the program: %s', (_, patterns) => {
    const idle = patterns.filter(([pattern]) => ![...sentences].some((text) => pattern.test(text)));
    expect(idle.map(([pattern]) => pattern.source)).toEqual([]);
  });

  it('are there for all that can be wrong with role files, commands and the audit record', () => {
    const paths = [
      ...['apis/role-notices.ts', 'apis/shared-roles.ts', 'catalogue/file-trust.ts'],
      ...['audit/record/judge-start.ts', 'audit/tree/leaf-reader.ts', 'audit/tree/node-witness.ts'],
      ...['audit/put-away/due-files.ts', 'audit/sinks/https-sink.ts', 'audit/sinks/syslog-sink.ts'],
      ...['audit/sinks/receiver-address.ts', 'audit/alerts/not-public.ts', 'audit/alerts/mail/send-mail.ts'],
    ];
    const shownNowhere = ['the service is stopping', "7 can't be read: 7"];
    const told = [...roleFileProblems(), ...paths.flatMap(textsIn)].filter((text) => / \S+ /.test(text));
    const untold = told.filter((text) => germanProblem(text) === text && germanAuditProblem(text) === text);
    expect(untold.filter((text) => !shownNowhere.includes(text))).toEqual([]);
  });
});

it('a German sentence has what was inserted in the English one, in German', () => {
  const problem = 'the record of the node web-1 went back: it had 20 events, now 3';
  expect(germanAuditProblem(problem)).toBe(
    'das Protokoll des Knotens web-1 ging zurück: Es hatte 20 Ereignisse, jetzt 3',
  );
  expect(germanAuditProblem(identityProblems()[0] ?? '')).toBe(
    'dieser Knoten ist nicht, wer er war: „node“ ist jetzt „b“ und war vorher „a“; ' +
      '„audit-chain“ ist jetzt „missing“ und war vorher „c“',
  );
  expect(germanAuditProblem('connect ECONNREFUSED 127.0.0.1:1')).toBe('connect ECONNREFUSED 127.0.0.1:1');
});
