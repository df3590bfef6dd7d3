import type { RoleNotice } from '../apis/role-notices.js';
import { finding, type Finding } from './finding.js';

/** Files in the directory of API roles that are no role files, or that grant less than they seem to. */
export function idleRoleFiles(notices: readonly RoleNotice[]): Finding[] {
  return notices.map(({ name, kind, problem }) => {
    const code = kind === 'ignored' ? 'role_file_ignored' : 'role_grants_nothing';
    return finding('role_file', code, { api: name, problem });
  });
}
