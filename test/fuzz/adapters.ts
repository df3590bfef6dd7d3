import type { Adapter } from './adapter.js';
import { adminSocket } from './adapters/admin-socket.js';
import { commandLine } from './adapters/command-line.js';
import { authorize, authzen } from './adapters/decisions.js';
import { fastPath } from './adapters/fast-path.js';
import { backupFiles, importTrees } from './adapters/foreign-files.js';
import { forwardAuth } from './adapters/forward-auth.js';
import { hestia } from './adapters/hestia.js';
import { rest } from './adapters/rest.js';
import { envFiles, roleFiles, settings } from './adapters/text-files.js';

export const adapters: readonly Adapter[] = [
  ...[hestia, rest, authorize, authzen, forwardAuth, fastPath],
  ...[adminSocket, commandLine, roleFiles, settings, envFiles, importTrees, backupFiles],
];
