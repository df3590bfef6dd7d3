import type { Backup } from '../../backup/backup.js';
import type { Restore } from '../../backup/restore.js';
import type { Doctor } from '../../doctor/doctor.js';
import type { Importer } from '../../import/importer.js';
import type { LoginLinks } from '../../sessions/login-links.js';
import type { BuiltinCommand } from '../builtin-command.js';
import { backupCommand } from './backup.js';
import { doctorCommand } from './doctor.js';
import { importCommand } from './import.js';
import { loginLinkCommand } from './login-link.js';
import { restoreCommand } from './restore.js';

export interface OperatorParts {
  importer: Importer;
  backup: Backup;
  restore: Restore;
  doctor: Doctor;
  loginLinks: LoginLinks;
  publicUrl: string;
}

/** Commands that only `hearthkey` at the machine has; no adapter over the network runs them. */
export function operatorOnlyCommands(parts: OperatorParts): BuiltinCommand[] {
  return [
    importCommand(parts.importer),
    backupCommand(parts.backup),
    restoreCommand(parts.restore),
    doctorCommand(parts.doctor),
    loginLinkCommand(parts.loginLinks, parts.publicUrl),
  ];
}
