import type { RoleNotice } from '../apis/role-notices.js';
import type { Finding } from './finding.js';

/** What lies among the API role files and is none, or grants nothing as it is. */
export function idleRoleFiles(notices: readonly RoleNotice[]): Finding[] {
  return notices.map(({ name, problem }) => ({
    check: 'role_file',
    subject: `API role file ${name}`,
    problem,
    advice: problem.startsWith('is ignored')
      ? 'take it away, or put a role file in its place'
      : "correct the file (ROLE='user' or 'admin', and COMMANDS), or take it away",
  }));
}
