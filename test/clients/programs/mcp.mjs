// An MCP server's manner: JSON, no returncode, redirects refused, the exit code from the header (without one: 0 for 2xx),
// and output read as JSON where it is JSON.
// mcp.mjs COMMAND [ARG…]; URL, ACCESS_KEY and SECRET_KEY are in the environment.
const { URL: url, ACCESS_KEY, SECRET_KEY } = process.env;
const [cmd, ...args] = process.argv.slice(2);
const body = { access_key: ACCESS_KEY, secret_key: SECRET_KEY, cmd };
args.forEach((arg, index) => (body[`arg${index + 1}`] = arg));

const response = await fetch(url, {
  method: 'POST',
  headers: { accept: 'application/json, text/plain;q=0.9', 'content-type': 'application/json' },
  body: JSON.stringify(body),
  redirect: 'error',
});
const text = (await response.text()).trim();
const header = response.headers.get('hestia-exit-code');
const exitCode = header === null ? (response.ok ? 0 : response.status) : Number(header);
if (!response.ok || exitCode !== 0) {
  console.log(`failed: ${response.status} ${exitCode} ${text}`);
} else {
  let data = text;
  try {
    data = Object.keys(JSON.parse(text));
  } catch {
    // Commands may print plain text.
  }
  console.log(`done: ${response.status} ${exitCode} ${JSON.stringify(data)}`);
}
