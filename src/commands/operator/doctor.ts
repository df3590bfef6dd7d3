import { outlookText } from '../../doctor/disk-outlook.js';
import type { Doctor } from '../../doctor/doctor.js';
import { ReturnCode } from '../../errors.js';
import { wide, type BuiltinCommand, type CommandResult } from '../builtin-command.js';
import { findingsTable, formatFindings } from '../findings-output.js';
import { parseFormat } from '../output-formats.js';

/** `hearthkey doctor`: what an operator should look at, a line for each, with what to do. */
export function doctorCommand(doctor: Doctor): BuiltinCommand {
  return {
    name: 'doctor',
    info: 'list what an operator should look at; exits with 0 when there is nothing to do, else with 1',
    options: '[FORMAT]',
    longOptions: [wide],
    examples: [
      'hearthkey doctor',
      'hearthkey doctor json',
      'hearthkey doctor plain | cut -f1 | sort | uniq -c',
    ],
    changes: false,
    async run({ args: [format], terminal }) {
      const outputFormat = parseFormat(format);
      const findings = await doctor.examine();
      const outlook = await doctor.outlook();
      if (outlook !== undefined && outputFormat === 'shell') terminal.say(`${outlookText(outlook)}\n`);
      const code = findings.length === 0 ? ReturnCode.OK : ReturnCode.ARGS;
      const table = findingsTable(findings, outputFormat);
      const result: CommandResult = { code, output: formatFindings(findings, outputFormat) };
      return table === undefined ? result : { ...result, table };
    },
  };
}
