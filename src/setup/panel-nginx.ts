import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, notFound, ReturnCode } from '../errors.js';

export interface PanelNginx {
  program: string;
  prefix: string;
  conf: string;
}

/** The panel's own nginx: its program, and the folder that its relative paths are relative to. */
export function findNginx(
  root: string,
  given: { program?: string | undefined; conf?: string | undefined },
): PanelNginx {
  const own = join(root, 'nginx/sbin/hestia-nginx');
  const program = given.program ?? (existsSync(own) ? own : 'nginx');
  const conf = resolve(given.conf ?? join(root, 'nginx/conf/nginx.conf'));
  if (!existsSync(conf)) throw notFound(`the nginx configuration ${conf} (--nginx-conf names another)`);
  return { program, prefix: join(dirname(dirname(conf)), '/'), conf };
}

/** @throws AppError 3 (no such program), 2 (it refuses the configuration), with the words of nginx */
export function testNginx(nginx: PanelNginx): void {
  run(nginx, ['-t', '-q'], `${nginx.program} refuses its configuration`);
}

/** @throws AppError 15 where it doesn't run */
export function reloadNginx(nginx: PanelNginx): void {
  run(nginx, ['-s', 'reload'], `${nginx.program} can't be reloaded`, ReturnCode.CONNECT);
}

function run(
  { program, prefix, conf }: PanelNginx,
  args: readonly string[],
  problem: string,
  code: ReturnCode = ReturnCode.INVALID,
): void {
  const { error, status, stderr } = spawnSync(program, ['-p', prefix, '-c', conf, ...args], {
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw new AppError(ReturnCode.NOT_EXIST, `${program} can't be run: ${error.message}`);
  if (status !== 0) throw new AppError(code, `${problem}: ${stderr.trim().replaceAll('\n', '; ')}`);
}

/** The group that the processes which answer requests have. */
export function primaryGroup(user: string): string {
  const { status, stdout } = spawnSync('id', ['-gn', '--', user], { encoding: 'utf8' });
  if (status !== 0) throw notFound(`the user ${user} of the panel's nginx`);
  return stdout.trim();
}
