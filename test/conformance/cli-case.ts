/** One recorded command line, run as a process. */
import type { CliAnswer } from './compare.js';
import type { CliCase } from './corpus.js';
import { type Bindings, fillIn } from './placeholders.js';
import type { Service } from './service.js';

export async function runCliCase(one: CliCase, service: Service, bindings: Bindings): Promise<CliAnswer> {
  return service.run(one.argv.map((text) => fillIn(text, bindings)));
}
