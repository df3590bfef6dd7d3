import { kib } from '../http-route.js';

/** A page for people who have logged in; its forms are sent to it. */
function page<const Paths extends readonly string[], const Methods extends readonly string[]>(
  paths: Paths,
  methods: Methods,
) {
  const bodyLimitBytes = methods.includes('POST') ? 64 * kib : 0;
  const rest = { adapter: 'console', callers: 'HEARTHKEY_SESSIONS_FROM', hasFastPath: false } as const;
  return { paths, methods, bodyLimitBytes, ...rest };
}

/** Every path of the console; a part of the one list (../routes.ts). */
export const consoleRoutes = {
  consoleAssets: page(['/console/assets/:asset'], ['GET']),
  consoleLogin: page(['/console/login'], ['GET', 'POST']),
  consoleForms: page(['/console/logout', '/console/preferences'], ['POST']),
  consoleUndo: page(['/console/undo'], ['POST']),
  consoleStart: page(['/console', '/console/'], ['GET']),
  consoleOverviewPart: page(['/console/overview/:part'], ['GET']),
  consoleUsers: page(['/console/users'], ['GET', 'POST']),
  consoleUser: page(['/console/users/new', '/console/users/:user'], ['GET']),
  consoleUserForms: page(['/console/users/:user/:change'], ['POST']),
  consoleSessions: page(['/console/sessions'], ['GET']),
  consoleSessionForms: page(['/console/sessions/:sessionId/end'], ['POST']),
  consoleApprovals: page(['/console/approvals'], ['GET']),
  consoleApprovalForms: page(
    ['/console/approvals/:approvalId/approve', '/console/approvals/:approvalId/reject'],
    ['POST'],
  ),
  consoleAccount: page(['/console/account'], ['GET']),
  consoleAccountForms: page(
    ['/console/account/password', '/console/account/passkeys/:passkeyId/delete'],
    ['POST'],
  ),
  consoleSettings: page(['/console/settings'], ['GET']),
  consoleSettingsForms: page(
    ['read-only', 'legacy-keys', 'legacy-keys/:legacyKeyId/revoke'].map(
      (form) => `/console/settings/${form}`,
    ),
    ['POST'],
  ),
  consoleAbout: page(['/console/about'], ['GET']),
  consoleNotFound: page(['/console/*'], ['GET']),
  consoleKeys: page(['/console/keys'], ['GET', 'POST']),
  consoleLeaks: page(['/console/keys/leaked'], ['GET', 'POST']),
  consoleKeysCsv: page(['/console/keys.csv'], ['GET']),
  consoleKeyForms: page(
    [
      ...(['/console/keys/new', '/console/keys/:accessKeyId', '/console/keys/:accessKeyId/change'] as const),
      ...(['/console/keys/:accessKeyId/rotate', '/console/keys/:accessKeyId/delete'] as const),
      '/console/keys/:accessKeyId/use',
    ],
    ['GET', 'POST'],
  ),
  consoleApis: page(['/console/apis'], ['GET']),
  consoleApiForms: page(
    ['/console/apis/new', '/console/apis/:api', '/console/apis/:api/change'],
    ['GET', 'POST'],
  ),
  consoleRecord: page(['/console/record', '/console/record.csv', '/console/record/live'], ['GET']),
  consoleEvent: page(['/console/record/:number'], ['GET', 'POST']),
  consoleVerification: page(['/console/record/verification'], ['GET', 'POST']),
  consoleCallers: page(['/console/callers'], ['GET', 'POST']),
  consoleCallerForms: page(['/console/callers/delete', '/console/callers/switches'], ['POST']),
  consoleDoctor: page(['/console/doctor'], ['GET']),
} as const;
