import { decisionRequests, hestiaRequests, restRequests } from './requests.mjs';
import { send } from './send.mjs';

const password = 'correct-horse-1';
/** What fits into a line of a terminal. */
const lineLength = 110;

/** Walks through the product and prints it: how many requests were `asked`, and how many answers were `wrong`. */
export async function tour(service) {
  const url = await service.start();
  console.log(`A service of the demo's own serves at ${url}; its files are in ${service.folder}.`);
  const keys = await setUp(service);
  const chapters = [
    ["Hestia's dialect: /api/", hestiaRequests(keys)],
    ['REST dialect: JSON over /api/accounts', restRequests(keys)],
    ['Decisions alone, for a gateway: /v1/authorize', decisionRequests(keys)],
  ];
  let wrong = 0;
  for (const [title, requests] of chapters) {
    console.log(`\n${title}`);
    for (const request of requests) if (!(await ask(service, url, request))) wrong += 1;
  }
  await showAudit(service);
  return { asked: chapters.flatMap(([, requests]) => requests).length, wrong };
}

/** A user, and a key each for the user and for the administrator. */
async function setUp(service) {
  console.log('\nSet-up, with the command line');
  await run(service, ['v-add-sys-api-ip', '127.0.0.1'], 'clients of this address may call');
  await run(service, ['v-change-sys-config-value', 'API_SYSTEM', '2'], 'access keys of all users work');
  await run(
    service,
    ['v-add-user', 'alice', '-', 'alice@example.com'],
    'password from standard input',
    password,
  );
  const alice = await makeKey(service, 'alice', 'mail-accounts', 'three commands, for alice alone');
  const admin = await makeKey(service, 'admin', 'rest', 'the commands of the REST dialect');
  return { alice, admin };
}

async function makeKey(service, user, permission, why) {
  const pair = await run(service, ['v-add-access-key', user, permission, 'Demo', 'plain'], why);
  const [id, secret = ''] = pair.trim().split(':');
  console.log(`      ${id}:${shortened(secret)}   the secret is shown this once`);
  return { id, secret };
}

async function run(service, words, why, input) {
  console.log(`  $ ${`bin/${words.join(' ')}`.padEnd(56)}  # ${why}`);
  return service.command(words, input);
}

/** True when the answer was the expected one. */
async function ask(service, url, { before, why, expect, ...request }) {
  if (before !== undefined) await run(service, before, 'counts before it returns');
  const answer = await send(url, request);
  const isExpected =
    answer.status === expect.status &&
    (expect.code === undefined || answer.code === expect.code) &&
    answer.body.includes(expect.body);
  const code = answer.code === undefined ? '' : `, code ${answer.code}`;
  console.log(`  # ${why}`);
  console.log(`  ${request.method} ${request.path}  ${fields(request)}`.trimEnd());
  console.log(cut(`    → ${answer.status}${code}  ${answer.body.replace(/\s+/g, ' ')}`));
  if (!isExpected) console.log(`    NOT AS EXPECTED: ${JSON.stringify(expect)}`);
  return isExpected;
}

/** What a request says, without the secrets. */
function fields({ form, bearer, json }) {
  if (form !== undefined) {
    const [id, secret] = form.hash.split(':');
    const shown = { ...form, hash: `${id}:${shortened(secret)}` };
    return Object.entries(shown)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
  }
  const shown = Object.entries(json ?? {}).map(([name, value]) => [
    name,
    /^(secretAccessKey|password)$/.test(name) ? shortened(value) : value,
  ]);
  const body = json === undefined ? '' : JSON.stringify(Object.fromEntries(shown));
  if (bearer === undefined) return body;
  const [id, secret] = bearer.split(':');
  return `Bearer ${id}:${shortened(secret)}  ${body}`;
}

/** What was decided, from the audit record. */
async function showAudit(service) {
  console.log('\nThe audit record of it: the decisions, the newest last');
  const events = JSON.parse(
    await run(service, ['v-list-audit-events', 'json', '--type', 'decision'], 'all of them'),
  );
  for (const { time, actor, command, args = [], outcome, reason = '' } of events) {
    const who = actor.accessKeyId ?? actor.name ?? actor.user ?? actor.kind;
    const what = [command, ...args].join(' ');
    console.log(
      cut(`    ${time.slice(11, 19)}  ${outcome.padEnd(5)}  ${who.padEnd(20)}  ${what}  ${reason}`),
    );
  }
  const verified = await run(service, ['v-verify-audit'], 'is the chain of hashes whole?');
  console.log(`    ${verified.split('\n')[0]}`);
}

const shortened = (secret) => `${secret.slice(0, 4)}…`;

function cut(line) {
  const text = line.trimEnd();
  return text.length > lineLength ? `${text.slice(0, lineLength - 1)}…` : text;
}
