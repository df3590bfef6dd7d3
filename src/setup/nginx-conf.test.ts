import { describe, expect, it } from '@jest/globals';
import { findApiServer, includes, parseNginx, snippet, withInclude, workerUser } from './nginx-conf.js';

const php = 'location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }';

function server(body: string, before = ''): string {
  return `user hestiaweb;\nhttp {\n  ${before}\n  server {\n    listen 8083 ssl;\n    ${body}\n  }\n}\n`;
}

describe('the nginx configuration of a panel', () => {
  it('is read with quotes, comments, variables and nested blocks', () => {
    const text = `a "x;{" 'y}'; # b { c\nd \${e} {\n f $g\\;h;\n}\n`;
    expect(parseNginx(text)).toMatchObject([
      { words: ['a', 'x;{', 'y}'], line: 1 },
      { words: ['d', '${e}'], line: 2, block: [{ words: ['f', '$g\\;h'], line: 3 }] },
    ]);
  });

  it.each(['server {', 'a; }', '{ a; }', 'a', 'a { b }'])(
    'is refused where blocks do not match: %s',
    (text) => {
      expect(() => parseNginx(text)).toThrow(/can't be understood at line 1/);
    },
  );

  it('has its API where PHP or /api is', () => {
    for (const body of [php, 'location /api/ { return 204; }', 'location ~ ^/api/ { return 204; }'])
      expect(findApiServer(parseNginx(server(body))).line).toBe(4);
    expect(() => findApiServer(parseNginx(server('location / { return 204; }')))).toThrow(/no server/);
    const two = `http { server { listen 1; ${php} } server { listen 2; ${php} } }`;
    expect(() => findApiServer(parseNginx(two))).toThrow(/several servers .*line 1, line 1/);
  });

  it.each([
    [php, '^~ /api/'],
    ['location ~ ^/api/ { return 204; }', '^~ /api/'],
    [`location /api/ { ${php} }`, '~ ^/api/'],
    [`location /api/v1/ { ${php} }`, '~ ^/api/'],
  ])('gets a location that wins over %s', (body, location) => {
    expect(findApiServer(parseNginx(server(body))).location).toBe(location);
  });

  it.each(['= /api/index.php', '^~ /api/'])('with location %s gets none: it would not win', (location) => {
    expect(() => findApiServer(parseNginx(server(`location ${location} { return 204; }`)))).toThrow(
      /would win/,
    );
  });

  it.each([
    ['8083', '127.0.0.1', 8083],
    ['*:8083', '127.0.0.1', 8083],
    ['0.0.0.0:8083', '127.0.0.1', 8083],
    ['[::]:8083', '::1', 8083],
    ['192.0.2.1:8083', '192.0.2.1', 8083],
    ['192.0.2.1', '192.0.2.1', 80],
  ])('that listens at %s is asked at %s', (listen, host, port) => {
    const text = server(php).replace('8083', listen);
    expect(findApiServer(parseNginx(text)).listen).toMatchObject({ host, port });
  });

  it('names the certificate of the server, or of all', () => {
    const own = server(`ssl_certificate ssl/own.pem; ${php}`, 'ssl_certificate ssl/all.pem;');
    expect(findApiServer(parseNginx(own)).listen.certificate).toBe('ssl/own.pem');
    const all = server(php, 'ssl_certificate ssl/all.pem;');
    expect(findApiServer(parseNginx(all)).listen.certificate).toBe('ssl/all.pem');
    expect(findApiServer(parseNginx(all.replace(' ssl;', ';'))).listen.certificate).toBeUndefined();
    expect(workerUser(parseNginx(all))).toEqual({ user: 'hestiaweb', group: undefined });
  });

  it('gets one line, once, and is the same text without it', () => {
    for (const text of [server(php), `http { server { ${php} } }`]) {
      const found = findApiServer(parseNginx(text));
      const changed = withInclude(text, found, '/x/hearthkey-api.inc');
      expect(changed.split('\n').filter((line) => includes(line, '/x/hearthkey-api.inc'))).toHaveLength(1);
      expect(findApiServer(parseNginx(changed)).line).toBe(found.line);
      expect(withInclude(changed, found, '/x/hearthkey-api.inc')).toBe(changed);
    }
    expect(includes('# include /x/hearthkey-api.inc;', '/x/hearthkey-api.inc')).toBe(false);
  });

  it('gets a location that nginx can read', () => {
    expect(parseNginx(snippet('^~ /api/', '/run/hearthkey/http.sock'))).toMatchObject([
      { words: ['location', '^~', '/api/'] },
    ]);
  });
});
