#!/usr/bin/env node
// Walks through every endpoint of the REST dialect and shows each request with the answer that came:
//
//   examples/rest-tour.mjs http://127.0.0.1:8183 "$pair"
//
// It makes an account called tour and deletes it again. It starts, restarts and stops a service only where one is named
// as a third argument.
// Ends with 1 where an answer has another status than expected.
const [base, pair, service] = process.argv.slice(2);
if (pair === undefined) {
  console.error('Usage: rest-tour.mjs URL ACCESS_KEY_ID:SECRET_ACCESS_KEY [SERVICE]');
  process.exit(2);
}

const account = {
  username: 'tour',
  domain: 'tour.example',
  password: 'SecurePass123!',
  package: 'business',
  disk_mb: 20480,
  email_limit: 0,
  db_limit: 0,
};
const mailbox = { address: 'hello@tour.example', password: 'MailPass456!', quota_mb: 1024 };
const second = { ...account, username: 'tour2' };

const act = (action) => [200, 'POST', `/server/services/${service}/${action}`];
const onServices = [
  ...[act('start'), act('restart'), [200, 'GET', '/server/services'], act('stop')],
  [404, 'POST', `/server/services/${service === 'fail2ban' ? 'dovecot' : 'fail2ban'}/restart`],
];

/** Expected status, method, path, body, and another key. */
const requests = [
  [200, 'GET', '/server/stats'],
  [200, 'GET', '/server/services'],
  ...(service === undefined ? [] : onServices),
  [404, 'POST', '/server/services/sshd/stop'],
  [201, 'POST', '/accounts', account],
  [409, 'POST', '/accounts', account],
  [409, 'POST', '/accounts', second],
  [200, 'GET', '/accounts'],
  [200, 'GET', '/accounts/tour/domains'],
  [201, 'POST', '/accounts/tour/email', mailbox],
  [409, 'POST', '/accounts/tour/email', mailbox],
  [200, 'POST', '/accounts/tour/suspend'],
  [200, 'POST', '/accounts/tour/unsuspend'],
  [200, 'DELETE', '/accounts/tour'],
  [404, 'DELETE', '/accounts/tour'],
  [400, 'POST', '/accounts', { ...account, colour: 'red' }],
  [401, 'GET', '/accounts', undefined, 'nobody:nothing'],
  [404, 'GET', '/nothing'],
  [405, 'PUT', '/accounts'],
];

let wrong = 0;
for (const [expected, method, path, body, credential = pair] of requests) {
  const answer = await fetch(`${base}/api${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${credential}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const isExpected = answer.status === expected;
  if (!isExpected) wrong += 1;
  console.log(`${method} /api${path}${body === undefined ? '' : `  ${JSON.stringify(body)}`}`);
  console.log(
    `  ${answer.status}${isExpected ? '' : ` (expected ${expected})`} ${(await answer.text()).trim()}`,
  );
}
console.log(`${requests.length} requests, ${wrong} with another status than expected`);
process.exitCode = wrong === 0 ? 0 : 1;
