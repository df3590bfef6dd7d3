// The yardstick: bare Fastify, logger off, that reads the same JSON and answers as many bytes by a compiled schema.
import fastify from 'fastify';

const [port = '0', answer = '{}'] = process.argv.slice(2);
const body = JSON.parse(answer);
const type = (value) =>
  ({ boolean: { type: 'boolean' }, number: { type: 'number' }, string: { type: 'string' } })[typeof value];
const properties = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, type(value)]));
const app = fastify({ logger: false });
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
  done(null, text),
);
app.post('/*', { schema: { response: { 200: { type: 'object', properties } } } }, () => body);
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stdout.write('listens\n');
