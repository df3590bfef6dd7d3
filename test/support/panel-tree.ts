/** A panel's tree on this machine, with commands that really keep its users in it. */
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folders.js';

const scripts: Readonly<Record<string, { options: string; script: string }>> = {
  'v-add-user': {
    options: 'USER PASSWORD EMAIL [PACKAGE] [NAME] [LASTNAME]',
    script: `[ -d "$users/$1" ] && exit 4
mkdir "$users/$1"
printf "NAME='%s'\\nPACKAGE='%s'\\nCONTACT='%s'\\nSUSPENDED='no'\\n" "$5" "\${4:-default}" "$3" > "$users/$1/user.conf"`,
  },
  'v-delete-user': { options: 'USER [RESTART]', script: '[ -d "$users/$1" ] || exit 3\nrm -r "$users/$1"' },
  'v-suspend-user': {
    options: 'USER [RESTART]',
    script: `grep -q "SUSPENDED='yes'" "$users/$1/user.conf" && exit 5
sed -i "s/SUSPENDED='no'/SUSPENDED='yes'/" "$users/$1/user.conf"`,
  },
  'v-unsuspend-user': {
    options: 'USER [RESTART]',
    script: `grep -q "SUSPENDED='no'" "$users/$1/user.conf" && exit 6
sed -i "s/SUSPENDED='yes'/SUSPENDED='no'/" "$users/$1/user.conf"`,
  },
  'v-list-user': { options: 'USER [FORMAT]', script: 'cat "$users/$1/user.conf"' },
  'v-change-user-password': { options: 'USER PASSWORD', script: '[ -d "$users/$1" ] || exit 3' },
  'v-list-web-domains': { options: 'USER [FORMAT]', script: 'echo "web of $1, panel at $HESTIA"' },
  'v-list-secrets': { options: 'NONE', script: 'env' },
};

export class PanelTree {
  readonly root = join(temporaryFolder(), 'hestia');

  /** @param users - beside admin */
  constructor(users: readonly string[]) {
    for (const folder of ['bin', 'data/users', 'data/api'])
      mkdirSync(join(this.root, folder), { recursive: true });
    for (const [name, { options, script }] of Object.entries(scripts)) {
      const head = `#!/bin/sh\n# info: ${name} of the panel\n# options: ${options}\nusers=${this.root}/data/users\n`;
      writeFileSync(join(this.root, 'bin', name), `${head}${script}\n`);
      chmodSync(join(this.root, 'bin', name), 0o755);
    }
    for (const name of ['admin', ...users]) this.writeUser(name, 'no');
    this.writeApi('websites', "ROLE='user'\nCOMMANDS='v-list-web-domains'\n");
  }

  /** As the panel itself does it: a new file in the place of the old. */
  writeUser(name: string, suspended: string, role = 'user'): void {
    const folder = join(this.root, 'data/users', name);
    mkdirSync(folder, { recursive: true });
    this.replace(
      join(folder, 'user.conf'),
      `NAME='${name}'\nPACKAGE='default'\nCONTACT='${name}@example.com'\nROLE='${role}'\nSUSPENDED='${suspended}'\nTIME='10:00:00'\nDATE='2026-01-01'\n`,
    );
  }

  userFile(name: string): string {
    return join(this.root, 'data/users', name, 'user.conf');
  }

  removeUser(name: string): void {
    rmSync(join(this.root, 'data/users', name), { recursive: true });
  }

  writeApi(name: string, text: string): void {
    this.replace(join(this.root, 'data/api', name), text);
  }

  private replace(file: string, text: string): void {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }
}
