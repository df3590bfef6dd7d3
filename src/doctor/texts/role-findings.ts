import type { FindingText } from './finding-text.js';

interface UnknownCommand {
  name: string;
  /** Empty: no known name is near. */
  meant: string;
}

/** Findings about API role files and the audit record, in English. */
export const roleFindings = {
  role_broken: (about: { api: string; problem: string; isOwnFile: boolean }): FindingText => ({
    subject: `API role file ${about.api}`,
    problem: `grants nothing: ${about.problem}`,
    advice: `correct the file, or ${about.isOwnFile ? 'take it away' : `v-delete-api ${about.api}`}`,
  }),
  role_commands_unknown: (about: { api: string; commands: readonly UnknownCommand[] }): FindingText => ({
    subject: `API role file ${about.api}`,
    problem: `names what is no command here: ${about.commands.map(commandText).join(', ')}`,
    advice: 'correct the names in the file, or take them away',
  }),
  role_file_ignored: ({ api, problem }: { api: string; problem: string }): FindingText => ({
    subject: `API role file ${api}`,
    problem,
    advice: 'take it away, or put a role file in its place',
  }),
  role_grants_nothing: ({ api, problem }: { api: string; problem: string }): FindingText => ({
    subject: `API role file ${api}`,
    problem,
    advice: "correct the file (ROLE='user' or 'admin', and COMMANDS), or take it away",
  }),
  role_difference: (about: {
    api: string;
    problem: string;
    /** It makes all nodes agree on what grants something; empty: nothing does. */
    command: string;
    isShared: boolean;
  }): FindingText => {
    const { api, problem, command, isShared } = about;
    const otherwise = isShared ? `v-delete-api ${api}` : 'take the file away';
    return {
      subject: `API ${api}`,
      problem,
      advice: command === '' ? otherwise : `${command}, or ${otherwise}`,
    };
  },
  audit_export_behind: (about: {
    name: string;
    behind: number;
    failure: string;
    /** ISO 8601; empty: never since the start. */
    lastSuccess: string;
  }): FindingText => {
    const { name, behind, failure, lastSuccess } = about;
    const since =
      lastSuccess === ''
        ? 'nothing was acknowledged since the start'
        : `the last success was at ${lastSuccess}`;
    return {
      subject: name,
      problem: `it is ${String(behind)} events behind the audit record: ${failure}; ${since}`,
      advice: 'see to the receiver; the record keeps the events, and they are sent when it answers again',
    };
  },
  alert_receiver_away: (about: {
    name: string;
    failure: string;
    /** ISO 8601; empty: never since the start. */
    lastSuccess: string;
  }): FindingText => ({
    subject: `alerts to ${about.name}`,
    problem: `they don't arrive: ${about.failure}; ${
      about.lastSuccess === '' ? 'none has since the start' : `the last success was at ${about.lastSuccess}`
    }`,
    advice:
      'see to the receiver, then v-test-alert; what was not sent is sent when it answers again. Until then the audit ' +
      'record is kept for it, also beyond HEARTHKEY_AUDIT_KEEP: take it out of the settings if it is gone for good',
  }),
  alerts_put_aside: ({ name, putAside }: { name: string; putAside: number }): FindingText => ({
    subject: `alerts to ${name}`,
    problem: `it refused ${String(putAside)} of them for days; later ones were sent without these`,
    advice: 'look in the log for their events, and see why the receiver refuses them',
  }),
  audit_record_damaged: ({ problem }: { problem: string }): FindingText => ({
    subject: 'audit record',
    problem,
    advice: 'keep a copy of the data directory, find out who did this (docs/audit.md), then v-verify-audit',
  }),
  audit_keep_held_back: ({ reason }: { reason: string }): FindingText => ({
    subject: 'audit record',
    problem: `its oldest files are due to be put away, but: ${reason}`,
    advice: 'resolve that; then the files are put away (docs/audit.md)',
  }),
  audit_witness: ({ subject, problem }: { subject: string; problem: string }): FindingText => ({
    subject,
    problem,
    advice:
      'make the witness reachable; for the record of another node, find out on that node what changed it (docs/audit.md)',
  }),
  audit_key_exposed: ({ keyFile }: { keyFile: string }): FindingText => ({
    subject: `audit key ${keyFile}`,
    problem: 'lies in the data directory: somebody who can read that directory can forge the record',
    advice: 'stop the service, move the key and its .head file elsewhere, and set HEARTHKEY_AUDIT_KEY_FILE',
  }),
};

function commandText({ name, meant }: UnknownCommand): string {
  return meant === '' ? name : `${name} (${meant}?)`;
}
