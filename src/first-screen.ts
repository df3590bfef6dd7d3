import { AuditLog } from './audit/audit-log.js';
import { Catalogue } from './catalogue/catalogue.js';
import { UserFamily } from './catalogue/user-family.js';
import { isClone, type Config } from './config/config.js';
import { AccessKeyStore } from './keys/access-key-store.js';
import type { Service } from './service.js';

/** What a person who has just started the service reads: where it is, and, the first time, what to type next. */
export async function firstScreen({ urls, app }: Service, config: Config): Promise<string> {
  const commandCount = app.get(Catalogue, { strict: false }).list().length;
  const audit = app.get(AuditLog, { strict: false });
  const keyCount = await app.get(AccessKeyStore, { strict: false }).count();
  const lines = [
    ...urls.map(
      (url, index) =>
        `${index === 0 ? 'Hearthkey serves at' : '  also at     '} ${url}${url.startsWith('unix:') ? '' : '/api/'}`,
    ),
    `  data         ${config.dataDir}`,
    `  API roles    ${config.apisDir}`,
    `  audit key    ${audit.record.keyFile} (${audit.record.key.name})`,
    `  commands     ${commandsPlace(config)} (${String(commandCount)} known)`,
  ];
  if (app.get(UserFamily, { strict: false }).isInDirectory)
    lines.push("  users        the commands directory's, which has v-add-user and its family");
  if (keyCount === 0) {
    lines.push('', ...firstSteps(config));
  }
  return `${lines.join('\n')}\n`;
}

function commandsPlace({ commandsDir, upstream }: Config): string {
  if (upstream !== undefined) return `run at ${upstream.url.href}`;
  return commandsDir ?? 'none to run: set HEARTHKEY_COMMANDS_DIR or HEARTHKEY_UPSTREAM_URL';
}

/** An installed package has `hearthkey` in PATH; a clone has all names in bin/. */
function firstSteps({ hasConsole, rootUser, needsApprovals }: Config): string[] {
  const [name, program] = isClone ? ['bin/', 'bin/hearthkey'] : ['hearthkey ', 'hearthkey'];
  const steps: readonly (readonly [string, string])[] = [
    [`${name}v-add-user alice - alice@example.com`, 'asks for a password'],
    [`${name}v-change-sys-config-value API_SYSTEM 2`, 'access keys for all users'],
    [`${name}v-add-access-key alice mail-accounts "First"`, 'shows the secret, this once'],
    [`${name}v-add-sys-api-ip 127.0.0.1`, 'who may call at all'],
    [`${program} --help`, 'everything else'],
  ];
  const width = Math.max(...steps.map(([step]) => step.length));
  const lines = steps.map(([step, meaning]) => `  ${step.padEnd(width)}  # ${meaning}`);
  const link = `Or in a browser: ${program} login-link ${rootUser} prints the link to the console.`;
  const approvals =
    'HEARTHKEY_APPROVALS=2: begin with 1, and set it once there are two persons (docs/approvals.md).';
  return [
    ...['There is no access key yet. In another terminal:', ...lines],
    ...(hasConsole ? ['', link] : []),
    ...(needsApprovals ? ['', approvals] : []),
  ];
}
