/** Files, archives and histories full of what resembles secrets, with secrets in some of them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '../faults/random.js';
import type { Key } from '../support/client.js';
import { ownEnvironment } from '../support/own-environment.js';

/** A secret that was laid, and where: `name` is part of one file's path alone. */
export interface Planted {
  name: string;
  line: number;
  key: Key;
  /** In a commit, and no longer in the files. */
  isInHistory: boolean;
}

const blockBytes = 65_536;
const blocks = 128;
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** As keys are written down: configuration, code, shells, logs, addresses. */
const spellings: readonly ((key: Key) => string)[] = [
  ({ pair }) => `hash=${pair}`,
  ({ id, secret }) => `HESTIA_ACCESS_KEY=${id} HESTIA_SECRET_KEY=${secret}`,
  ({ id, secret }) => JSON.stringify({ access_key: id, secret_key: secret }),
  ({ id, secret }) => `$config = ['access_key' => '${id}', 'secret_key' => "${secret}"];`,
  ({ pair }) =>
    `curl -d "hash=${encodeURIComponent(pair)}&cmd=v-list-users" https://panel.example.com:8083/api/`,
  ({ secret }) => `export SECRET=${secret} # billing`,
  ({ secret }) => JSON.stringify(`first\n${secret}\nlast`),
  ({ pair }) => `2026-03-01T10:00:00Z POST /api/ key=${pair} 200`,
];

/** Where a secret is laid; the rest of each is filling. */
const places = ['file', 'file', 'file', 'file', 'file', 'gz', 'tar.gz', 'zip', 'history', 'history'] as const;

export class Haystack {
  readonly planted: Planted[] = [];
  /** Of all that was laid, unpacked. */
  bytes = 0;
  private readonly blocks: readonly string[];
  private readonly history: string;

  constructor(
    readonly root: string,
    private readonly random: Random,
  ) {
    this.blocks = Array.from({ length: blocks }, () => this.block());
    this.history = join(root, 'history');
    mkdirSync(this.history, { recursive: true });
    this.git('init', '-q');
    this.git('config', 'core.compression', '1');
  }

  /** Lays one more secret, in so many bytes. */
  add(key: Key, bytes: number): void {
    const place = places[this.planted.length % places.length] ?? 'file';
    const name = `item-${String(this.planted.length).padStart(5, '0')}`;
    const { text, line } = this.filling(this.random.pick(spellings)(key), bytes);
    this.bytes += text.length;
    this.planted.push({ name, line, key, isInHistory: place === 'history' });
    const folder = join(this.root, String(this.planted.length % 100));
    mkdirSync(folder, { recursive: true });
    if (place === 'history') this.commit(`${name}.txt`, text);
    else if (place === 'gz') writeFileSync(join(folder, `${name}.log.gz`), gzipSync(text, { level: 1 }));
    else {
      const file = `${name}.txt`;
      writeFileSync(join(folder, file), text);
      if (place === 'file') return;
      const archive = join(folder, `archive-of-${name}.${place}`);
      if (place === 'zip') execFileSync('zip', ['-q', '-1', archive, file], { cwd: folder });
      else execFileSync('tar', ['-I', 'gzip -1', '-cf', archive, file], { cwd: folder });
      rmSync(join(folder, file));
    }
  }

  /** Lines, of which one has the secret in it. */
  private filling(secret: string, bytes: number): { text: string; line: number } {
    const parts = Array.from({ length: Math.max(1, Math.round(bytes / blockBytes)) }, () =>
      this.random.pick(this.blocks),
    );
    const at = this.random.below(parts.length + 1);
    const before = parts.slice(0, at).join('');
    const line = before.split('\n').length;
    return { text: `${before}${secret}\n${parts.slice(at).join('')}`, line };
  }

  /** Committed, and taken out again by the next commit. */
  private commit(file: string, text: string): void {
    writeFileSync(join(this.history, file), text);
    this.git('add', file);
    this.git('commit', '-qm', `add ${file}`);
    this.git('rm', '-q', file);
    this.git('commit', '-qm', `remove ${file}`);
  }

  private git(...args: string[]): void {
    const who = ['-c', 'user.name=n', '-c', 'user.email=n@example.com', '-c', 'gc.auto=0'];
    mkdirSync(this.history, { recursive: true }); // git removes a folder that it emptied
    execFileSync('git', ['-C', this.history, ...who, ...args], { env: ownEnvironment() });
  }

  /** Code, logs and digests: words as long as a secret or an ID, of which none is one. */
  private block(): string {
    const word = (length: number, alphabet = base62): string =>
      Array.from({ length }, () => alphabet.charAt(this.random.below(alphabet.length))).join('');
    const digest = (name: string): string => createHash(name).update(word(16)).digest('hex');
    const makers: readonly (() => string)[] = [
      () => `  const ${word(8)} = await ${word(12)}(${word(6)}, { limit: ${word(3, '123456789')} });`,
      () => `commit ${digest('sha1')}`,
      () => `${digest('sha256')}  ${word(10)}.tar.gz`,
      () => `ETag: "${digest('md5')}"`,
      () => `AWS_SECRET_ACCESS_KEY=${word(40, `${base62}+/`)}`,
      () => `token: ${word(40)}`,
      () => `session=${word(32)}; id=${word(20)}`,
      () => `"integrity": "sha512-${word(86, `${base62}+/`)}=="`,
      () => `2026-02-0${word(1, '123456789')} GET /${word(5)}?page=${word(2, '123456789')} 200`,
      () => `The ${word(5)} of ${word(7)} was ${word(6)} by ${word(4)} ${word(9)}.`,
    ];
    // A file is mostly of a few kinds of lines.
    const kinds = Array.from({ length: 3 }, () => this.random.pick(makers));
    let text = '';
    while (text.length < blockBytes) text += `${this.random.pick(kinds)()}\n`;
    return text;
  }
}
