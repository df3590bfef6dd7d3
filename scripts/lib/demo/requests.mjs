/**
 * What the demo asks, and what has to be answered. Keys are pairs `{ id, secret }`. In `expect` stand the status, the
 * return code, and a text that the body has to contain.
 */

/** Hestia's dialect, as a billing system or a script sends it. */
export function hestiaRequests({ alice, admin }) {
  const mistyped = {
    ...alice,
    secret: `${alice.secret.slice(0, -1)}${alice.secret.endsWith('x') ? 'y' : 'x'}`,
  };
  const own = 'v-list-web-domains alice';
  return [
    hestia("admin's key adds a domain for alice", admin, 'v-add-domain alice alice.example', 204, 0),
    hestia("alice's key lists her domains", alice, own, 200, 0, 'alice.example'),
    hestia("alice's key asks for admin's domains", alice, 'v-list-web-domains admin', 401, 10),
    hestia('her API role does not have this command', alice, 'v-delete-user alice', 401, 10),
    hestia('the last character of the secret is wrong', mistyped, own, 401, 9),
  ];
}

/** The REST dialect: each request becomes one command or more. */
export function restRequests({ alice, admin }) {
  const bob = { username: 'bob', domain: 'bob.example', password: 'correct-horse-2' };
  const mailbox = { address: 'hello@bob.example', password: 'correct-horse-3' };
  return [
    rest("admin's key lists the accounts", admin, 'GET /api/accounts', 200, { body: '"alice.example"' }),
    rest('it makes an account with a domain', admin, 'POST /api/accounts', 201, { json: bob }),
    rest('it adds a mailbox there', admin, 'POST /api/accounts/bob/email', 201, { json: mailbox }),
    rest("alice's key may not delete the account", alice, 'DELETE /api/accounts/bob', 403, { code: 10 }),
    rest("admin's key may", admin, 'DELETE /api/accounts/bob', 200, { body: '"deleted":true' }),
  ];
}

/** Decisions alone, for a gateway that runs the command itself. */
export function decisionRequests({ alice }) {
  const own = 'v-list-web-domains alice';
  return [
    decision("may alice's key list her domains?", alice, own, 'allowed', 0),
    decision("and admin's?", alice, 'v-list-web-domains admin', 'user_argument_mismatch', 10),
    decision('may it delete a user?', alice, 'v-delete-user alice', 'permission_missing', 10),
    decision(
      'the first question, from another address',
      alice,
      own,
      'address_not_allowed',
      10,
      '203.0.113.9',
    ),
    {
      before: ['v-delete-access-key', alice.id],
      ...decision('the first question once more', alice, own, 'key_unknown', 9),
    },
  ];
}

function hestia(why, { id, secret }, commandLine, status, code, body = '') {
  const [cmd, ...args] = commandLine.split(' ');
  const named = Object.fromEntries(args.map((arg, index) => [`arg${index + 1}`, arg]));
  const form = { hash: `${id}:${secret}`, cmd, ...named };
  return { why, method: 'POST', path: '/api/', form, expect: { status, code, body } };
}

function rest(why, { id, secret }, route, status, { json, code, body = '' }) {
  const [method, path] = route.split(' ');
  return { why, method, path, bearer: `${id}:${secret}`, json, expect: { status, code, body } };
}

function decision(why, { id, secret }, commandLine, reason, code, clientIp) {
  const [command, ...args] = commandLine.split(' ');
  const json = { accessKeyId: id, secretAccessKey: secret, command, args, clientIp };
  const expect = { status: 200, code, body: `"reason":"${reason}"` };
  return { why, method: 'POST', path: '/v1/authorize', json, expect };
}
