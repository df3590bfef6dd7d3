/** The arguments of `npm run conformance`. */
import { availableParallelism } from 'node:os';

export interface Options {
  readonly corpus: string | undefined;
  readonly groups: ReadonlySet<string>;
  readonly cases: ReadonlySet<string>;
  readonly jobs: number;
  readonly json: string | undefined;
  readonly verbose: boolean;
}

export const USAGE = `npm run conformance [-- OPTIONS]
  --corpus DIR     recorded cases: cli.*.json, http.*.json, annotations.*.json (default: test/fixtures/conformance)
  --group NAME…    only these groups
  --case ID…       only these cases
  --jobs N         cases at a time (default: one more than there are cores)
  --json FILE      write all results
  --verbose        a line for each case, and whole texts where something is wrong`;

/** @throws Error for an option that isn't known, or that lacks its value */
export function parseOptions(args: readonly string[]): Options {
  const groups = new Set<string>();
  const cases = new Set<string>();
  const single = new Map<string, string>();
  let verbose = false;
  for (let at = 0; at < args.length; at += 1) {
    const option = args[at] ?? '';
    if (option === '--verbose') verbose = true;
    else if (option === '--group' || option === '--case') {
      const names = valuesAfter(args, at);
      for (const name of names) (option === '--group' ? groups : cases).add(name);
      at += names.length;
    } else if (['--corpus', '--jobs', '--json'].includes(option)) {
      single.set(option, valuesAfter(args, at)[0] ?? '');
      at += 1;
    } else throw new Error(`unknown option ${option}`);
  }
  const jobs = Number(single.get('--jobs') ?? availableParallelism() + 1);
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error('--jobs expects a number from 1 on');
  return { corpus: single.get('--corpus'), groups, cases, jobs, json: single.get('--json'), verbose };
}

function valuesAfter(args: readonly string[], at: number): string[] {
  const rest = args.slice(at + 1);
  const end = rest.findIndex((text) => text.startsWith('--'));
  const values = rest.slice(0, end === -1 ? rest.length : end);
  if (values.length === 0) throw new Error(`${args[at] ?? ''} expects a value`);
  return values;
}
