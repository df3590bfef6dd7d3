import type { RoleNotice } from '../apis/role-notices.js';
import { finding, type Finding } from './finding.js';

/** What lies among the API role files and is none, or grants nothing as it is. */
export function idleRoleFiles(notices: readonly RoleNotice[]): Finding[] {
  return notices.map(({ name, problem }) => {
    const code = problem.startsWith('is ignored') ? 'role_file_ignored' : 'role_grants_nothing';
    return finding('role_file', code, { api: name, problem });
  });
}
