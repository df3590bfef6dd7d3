// In the manner of the Node.js samples: a form, an access key, and output as JSON.
// sample.mjs COMMAND [ARG…]; URL, CA_FILE, ACCESS_KEY and SECRET_KEY are in the environment.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { stringify } from 'node:querystring';

const { URL: url, CA_FILE, ACCESS_KEY, SECRET_KEY } = process.env;
const [cmd, ...args] = process.argv.slice(2);
const fields = { access_key: ACCESS_KEY, secret_key: SECRET_KEY, cmd };
args.forEach((arg, index) => (fields[`arg${index + 1}`] = arg));

const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
const call = request(url, { method: 'POST', headers, ca: readFileSync(CA_FILE) }, (response) => {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  response.on('end', () => {
    const isJson = response.headers['content-type'].startsWith('application/json');
    console.log(response.statusCode, response.headers['hestia-exit-code']);
    console.log(isJson ? Object.entries(JSON.parse(text)) : text);
  });
});
call.end(stringify(fields));
