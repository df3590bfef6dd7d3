import type { Doctor } from '../../doctor/doctor.js';
import { ok, wide, type BuiltinCommand } from '../builtin-command.js';
import { findingsTable, formatFindings } from '../findings-output.js';
import { parseFormat } from '../output-formats.js';

/** `v-list-findings`: what `hearthkey doctor` finds, for those who are not at the machine. */
export function listFindingsCommand(doctor: Doctor): BuiltinCommand {
  return {
    name: 'v-list-findings',
    info: 'list what an operator should look at, as hearthkey doctor does; exits with 0 whatever it finds',
    options: '[FORMAT]',
    longOptions: [wide],
    examples: ['v-list-findings', 'v-list-findings json'],
    changes: false,
    async run({ args: [format] }) {
      const outputFormat = parseFormat(format);
      const findings = await doctor.examine();
      return ok(formatFindings(findings, outputFormat), findingsTable(findings, outputFormat));
    },
  };
}
