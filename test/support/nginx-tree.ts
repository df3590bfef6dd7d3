/** A copy of a panel's tree with an nginx of its own, as a Hestia server has one: its API is answered by something else. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './clean-up.js';
import { ExamplePanel } from './example-panel.js';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { conf, numbered } from './hestia-tree.js';
import { within } from './waiting.js';

export const treeKey = { id: numbered.id(1), secret: numbered.secret(1), user: 'admin' };

export class NginxTree {
  private readonly panel = new ExamplePanel();
  readonly root = this.panel.root;
  /** Of nginx itself: what it writes while it runs is not in the tree. */
  private readonly runFolder = temporaryFolder();
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly oldApiPort: number,
  ) {}

  /** @param locations - of the server beside the root, where the panel's own API is */
  static async start(locations = panelLocation): Promise<NginxTree> {
    const oldApi = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end('the old API'));
    });
    const oldApiPort = await freePort();
    oldApi.listen(oldApiPort, '127.0.0.1');
    await once(oldApi, 'listening');
    atEnd(() => void oldApi.close());
    const tree = new NginxTree(await freePort(), oldApiPort);
    tree.write(locations);
    await tree.startNginx();
    return tree;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get conf(): string {
    return join(this.root, 'nginx/conf/nginx.conf');
  }

  file(path: string, text: string, mode = 0o640): void {
    writeFileSync(join(this.root, path), text);
    chmodSync(join(this.root, path), mode);
  }

  /** Every path of the tree with type, mode, owner, time of change to the nanosecond, and content. */
  picture(): string[] {
    const seen: string[] = [];
    const look = (path: string): void => {
      const stats = lstatSync(path, { bigint: true });
      const what = stats.isFile()
        ? readFileSync(path, 'latin1')
        : stats.isSymbolicLink()
          ? readlinkSync(path)
          : '';
      seen.push([path, stats.mode, stats.uid, stats.gid, stats.mtimeNs, what].join(' '));
      if (stats.isDirectory()) for (const name of readdirSync(path).sort()) look(join(path, name));
    };
    look(this.root);
    return seen;
  }

  /** What a client without any key is answered with. */
  async answer(): Promise<string> {
    const response = await fetch(`${this.url}/api/`, { method: 'POST', body: 'cmd=v-list-users' });
    return `${String(response.status)} ${await response.text()}`;
  }

  private write(locations: string): void {
    for (const folder of ['conf', 'nginx/conf', 'nginx/sbin', 'data/access-keys', 'data/keys']) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    const settings = { API: 'yes', API_SYSTEM: '2', API_ALLOWED_IP: '127.0.0.1', ROOT_USER: 'admin' };
    this.file('conf/hestia.conf', conf({ ...settings, VERSION: '1.10.0' }));
    this.file(
      `data/access-keys/${treeKey.id}`,
      conf({
        SECRET_ACCESS_KEY: treeKey.secret,
        USER: treeKey.user,
        PERMISSIONS: '',
        COMMENT: 'old',
        TIME: '11:12:13',
        DATE: '2026-02-03',
      }),
    );
    // Debian's nginx in the place of the panel's, which writes its first errors to a place of its own.
    const program = `#!/bin/sh\nexec nginx -e '${this.runFolder}/start.log' "$@"\n`;
    this.file('nginx/sbin/hestia-nginx', program, 0o755);
    this.file('nginx/conf/nginx.conf', this.nginxConf(locations), 0o644);
  }

  private nginxConf(locations: string): string {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    return `# The panel's own server. Caf\u00e9.
user                    root root;
worker_processes        1;
daemon                  off;
error_log               ${this.runFolder}/error.log;
pid                     ${this.runFolder}/nginx.pid;
events { worker_connections 128; }
http {
    access_log off;
${temporary.map((name) => `    ${name}_temp_path ${this.runFolder}/${name};`).join('\n')}
    log_format odd '{ "a": "$remote_addr;" }'; # a brace { in a comment
    server {
        listen          127.0.0.1:${String(this.port)};
        server_name     _;
${locations.replaceAll('OLD_API', `127.0.0.1:${String(this.oldApiPort)}`)}
    }
}
`;
  }

  private async startNginx(): Promise<void> {
    const args = ['-p', join(this.root, 'nginx/'), '-c', this.conf];
    const child = spawn(join(this.root, 'nginx/sbin/hestia-nginx'), args, { stdio: 'ignore' });
    this.child = child;
    atEnd(async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'close');
    });
    await within(10_000, 'nginx answers', async () => {
      if (this.child?.exitCode !== null) throw new Error('nginx did not start');
      return fetch(this.url).then(
        () => true,
        () => false,
      );
    });
  }
}

/** The panel answers its API through a regular expression, as PHP locations do. */
export const panelLocation = `        location ~ ^/api/.*$ { proxy_pass http://OLD_API; }
        location / { return 204; }`;
/** A location of the same name as the one that Hearthkey's would have. */
export const namedLocation = `        location /api/ { proxy_pass http://OLD_API; }
        location / { return 204; }`;
