import type { Doctor } from '../../doctor/doctor.js';
import type { Finding } from '../../doctor/finding.js';
import { ReturnCode } from '../../errors.js';
import { visible } from '../../text/visible-text.js';
import type { BuiltinCommand } from '../builtin-command.js';
import { formatPlain, parseFormat, type OutputFormat } from '../output-formats.js';

/** `hearthkey doctor`: what an operator should look at, a line for each, with what to do. */
export function doctorCommand(doctor: Doctor): BuiltinCommand {
  return {
    name: 'doctor',
    info: 'list what an operator should look at; exits with 0 when there is nothing to do, else with 1',
    options: '[FORMAT]',
    examples: [
      'hearthkey doctor',
      'hearthkey doctor json',
      'hearthkey doctor plain | cut -f1 | sort | uniq -c',
    ],
    changes: false,
    async run({ args: [format] }) {
      const outputFormat = parseFormat(format);
      const findings = await doctor.examine();
      const code = findings.length === 0 ? ReturnCode.OK : ReturnCode.ARGS;
      return { code, output: formatFindings(findings, outputFormat) };
    },
  };
}

function formatFindings(findings: readonly Finding[], format: OutputFormat): string {
  if (format === 'json') {
    const items = findings.map(({ check, subject, problem, advice }) => {
      return { CHECK: check, SUBJECT: subject, PROBLEM: problem, ADVICE: advice };
    });
    return `${JSON.stringify(items, null, 4)}\n`;
  }
  if (format === 'plain') {
    return formatPlain(
      findings.map(({ check, subject, problem, advice }) => [check, subject, problem, advice]),
    );
  }
  if (findings.length === 0) return 'nothing to do\n';
  return findings.map(formatFinding).join('');
}

function formatFinding({ subject, problem, advice }: Finding): string {
  return `${visible(subject)}: ${visible(problem)} -> ${visible(advice)}\n`;
}
