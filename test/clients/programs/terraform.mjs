// The Terraform provider's manner: forms whose fields are sorted, one kept connection, returncode=yes for what changes
// and returncode=no for what is read, where `Error: … doesn't exist` means "not found" and anything else that is no JSON
// is an error.
// terraform.mjs HASH_USER; URL and HASH are in the environment. Creates a user, a domain, a zone and a record, reads them,
// deletes them, and reads once more. Prints each request with its answer.
import { Agent, request } from 'node:https';
import { stringify } from 'node:querystring';

const { URL: url, HASH } = process.env;
const user = process.argv[2];
const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
const connections = new Set();

function post(cmd, returncode, args) {
  const numbered = args.map((arg, index) => [`arg${index + 1}`, arg]);
  const fields = [['hash', HASH], ['cmd', cmd], ['returncode', returncode], ...numbered];
  const body = stringify(Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1))));
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'Go-http-client/1.1' };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text.trim()));
    });
    asking.on('socket', (socket) => connections.add(socket)).on('error', reject);
    asking.end(body);
  });
}

async function change(cmd, args, alsoFine = []) {
  const code = await post(cmd, 'yes', args);
  const isFine = code === '0' || alsoFine.includes(code);
  console.log(`${cmd} -> ${code} ${isFine ? 'done' : 'FAILED'}`);
}

async function read(cmd, name, ...args) {
  const text = await post(cmd, 'no', [...args, 'json']);
  let verdict;
  try {
    verdict = JSON.parse(text)[name] === undefined ? 'absent' : 'found';
  } catch {
    verdict = /^Error:.*doesn't exist/s.test(text) ? 'not found' : `FAILED: ${text}`;
  }
  console.log(`${cmd} -> ${verdict}`);
  return text;
}

await change('v-add-user', [user, 'terraform-pass-1', `${user}@example.com`, 'default', 'Terra']);
await read('v-list-user', user, user);
await change('v-add-web-domain', [user, 'tf.example', ''], ['4']);
await change('v-add-web-domain', [user, 'tf.example', ''], ['4']);
await read('v-list-web-domain', 'tf.example', user, 'tf.example');
await change('v-add-dns-domain', [user, 'tf.example', '203.0.113.9']);
await change('v-add-dns-record', [user, 'tf.example', 'www', 'A', '203.0.113.9', '10']);
const records = Object.entries(JSON.parse(await read('v-list-dns-records', '1', user, 'tf.example')));
const [id] = records.find(([, record]) => record.RECORD === 'www' && record.VALUE === '203.0.113.9');
await change('v-delete-dns-record', [user, 'tf.example', id], ['3']);
await change('v-delete-dns-domain', [user, 'tf.example'], ['3']);
await change('v-delete-web-domain', [user, 'tf.example'], ['3']);
await read('v-list-web-domain', 'tf.example', user, 'tf.example');
await change('v-delete-web-domain', [user, 'tf.example'], ['3']);
await change('v-delete-user', [user], ['3']);
await change('v-delete-user', [user], ['3']);
console.log(`connections: ${connections.size}`);
agent.destroy();
