import type { roleFindings } from '../../../doctor/texts/role-findings.js';
import { germanProblem } from '../known-problems.de.js';
import { germanAuditProblem } from './audit-problems.de.js';

/** Findings about API role files and the audit record, in German. */
export const germanRoleFindings: typeof roleFindings = {
  role_broken: ({ api, problem, isOwnFile }) => ({
    subject: `API-Rollendatei ${api}`,
    problem: `Sie erlaubt nichts: ${germanProblem(problem)}.`,
    advice: `Berichtigen Sie die Datei, oder ${isOwnFile ? 'entfernen Sie sie' : `v-delete-api ${api}`}`,
  }),
  role_commands_unknown: ({ api, commands }) => ({
    subject: `API-Rollendatei ${api}`,
    problem: `Sie nennt, was hier kein Befehl ist: ${commands
      .map(({ name, meant }) => (meant === '' ? name : `${name} (gemeint ist ${meant}?)`))
      .join(', ')}.`,
    advice: 'Berichtigen Sie die Namen in der Datei, oder entfernen Sie sie.',
  }),
  role_file_ignored: ({ api, problem }) => ({
    subject: `API-Rollendatei ${api}`,
    problem: germanProblem(problem),
    advice: 'Entfernen Sie das, oder legen Sie eine Rollendatei an seine Stelle.',
  }),
  role_grants_nothing: ({ api, problem }) => ({
    subject: `API-Rollendatei ${api}`,
    problem: germanProblem(problem),
    advice: "Berichtigen Sie die Datei (ROLE='user' oder 'admin', und COMMANDS), oder entfernen Sie sie.",
  }),
  role_difference: ({ api, problem, command, isShared }) => {
    const otherwise = isShared ? `v-delete-api ${api}` : 'entfernen Sie die Datei';
    return {
      subject: `API ${api}`,
      problem: germanProblem(problem),
      advice: command === '' ? otherwise : `${command}, oder ${otherwise}`,
    };
  },
  audit_export_behind: ({ name, behind, failure, lastSuccess }) => {
    const since =
      lastSuccess === ''
        ? 'Seit dem Start wurde nichts bestätigt.'
        : `Zuletzt bestätigt wurde am ${lastSuccess}.`;
    return {
      subject: name,
      problem: `Der Empfänger ist ${String(behind)} Ereignisse hinter dem Protokoll: ${germanAuditProblem(failure)}. ${since}`,
      advice:
        'Sehen Sie nach dem Empfänger. Das Protokoll behält die Ereignisse; sie werden gesendet, sobald er wieder antwortet.',
    };
  },
  alert_receiver_away: ({ name, failure, lastSuccess }) => ({
    subject: `Warnungen an ${name}`,
    problem: `Sie kommen nicht an: ${germanAuditProblem(failure)}. ${
      lastSuccess === ''
        ? 'Seit dem Start kam keine an.'
        : `Zuletzt war der Empfänger am ${lastSuccess} erreichbar.`
    }`,
    advice:
      'Sehen Sie nach dem Empfänger, dann v-test-alert. Was nicht gesendet wurde, wird gesendet, sobald er wieder antwortet. ' +
      'Bis dahin wird das Protokoll für ihn aufbewahrt, auch länger als HEARTHKEY_AUDIT_KEEP sagt: Gibt es ihn nicht mehr, ' +
      'nehmen Sie ihn aus den Einstellungen.',
  }),
  alerts_put_aside: ({ name, putAside }) => ({
    subject: `Warnungen an ${name}`,
    problem: `Der Empfänger hat ${String(putAside)} davon tagelang abgelehnt; spätere wurden ohne diese gesendet.`,
    advice: 'Suchen Sie im Log nach ihren Ereignissen, und sehen Sie nach, warum der Empfänger sie ablehnt.',
  }),
  audit_record_damaged: ({ problem }) => ({
    subject: 'Protokoll',
    problem: `Es ist nicht, wie es hinterlassen wurde: ${germanAuditProblem(problem)}.`,
    advice:
      'Heben Sie eine Kopie des Datenverzeichnisses auf, finden Sie heraus, wer das getan hat (docs/audit.md), dann v-verify-audit',
  }),
  audit_keep_held_back: ({ reason }) => ({
    subject: 'Protokoll',
    problem: `Die ältesten Dateien sollten weggelegt werden, aber: ${germanAuditProblem(reason)}.`,
    advice: 'Beheben Sie das; danach werden sie weggelegt (docs/audit.md).',
  }),
  audit_witness: ({ subject, problem }) => ({
    subject: germanAuditProblem(subject),
    problem: `Damit stimmt etwas nicht: ${germanAuditProblem(problem)}.`,
    advice:
      'Machen Sie den Zeugen erreichbar. Beim Protokoll eines anderen Knotens: Klären Sie dort, was es geändert hat (docs/audit.md).',
  }),
  audit_key_exposed: ({ keyFile }) => ({
    subject: `Protokollschlüssel ${keyFile}`,
    problem: 'Er liegt im Datenverzeichnis: Wer dieses Verzeichnis lesen kann, kann das Protokoll fälschen.',
    advice:
      'Halten Sie den Dienst an, verschieben Sie den Schlüssel und seine .head-Datei an eine andere Stelle, und setzen Sie HEARTHKEY_AUDIT_KEY_FILE.',
  }),
};
