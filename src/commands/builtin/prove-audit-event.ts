import { formatProof, type EventProver } from '../../audit/tree/prove-event.js';
import { invalid, notFound, ReturnCode } from '../../errors.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';
import { parseFormat } from '../output-formats.js';

/** `v-prove-audit-event`: what somebody else needs to see that an event is in the record. */
export function proveAuditEventCommand(prover: EventProver): BuiltinCommand {
  return {
    name: 'v-prove-audit-event',
    info: 'prove that an event is in the audit record, to somebody who has nothing but its public key',
    options: 'NUMBER [FORMAT]',
    argumentHelp: { NUMBER: { info: 'the number of the event, as v-list-audit-events shows it' } },
    exitCodes: [ReturnCode.NOT_EXIST],
    examples: ['v-prove-audit-event 48211 json > proof.json', 'v-prove-audit-event 48211'],
    changes: false,
    async run({ args }) {
      const [number = ''] = args;
      if (!/^[1-9]\d{0,14}$/.test(number)) throw invalid('NUMBER is the number of an event, from 1 on');
      const format = parseFormat(args[1]);
      const proof = await prover.prove(Number(number));
      if (proof === undefined) throw notFound(`the event ${number} in the present tree of the record`);
      return ok(format === 'json' ? `${JSON.stringify(proof, null, 4)}\n` : formatProof(proof));
    },
  };
}
