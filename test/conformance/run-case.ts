/** One case from its starting state to its result: a fresh service, the set-up, the case itself, and what it changed. */
import { rmSync } from 'node:fs';
import { checkEffects, checkMusts, wantsOf } from './assertions.js';
import { type CaseFolder, type CatalogueEntry, makeCaseFolder, writeCommands } from './case-folder.js';
import { runCliCase } from './cli-case.js';
import type { Answer, CliAnswer } from './compare.js';
import type { Case, Label, Stub } from './corpus.js';
import { runHttpCase } from './http-case.js';
import { EXPECTATIONS, judge } from './labels.js';
import { bindMadeKeys } from './made-keys.js';
import { type MustContext, textOf } from './musts/must.js';
import { Bindings, fillIn } from './placeholders.js';
import type { CaseResult } from './results.js';
import { Service } from './service.js';
import { Snapshot } from './snapshot.js';
import { startingState, type StartingState, UnbuildableState } from './state.js';

/** Lays a starting state through the project's own stores. */
export interface Seeder {
  seed(folder: CaseFolder, state: StartingState): Promise<void>;
}

export interface Workshop {
  readonly installation: string;
  readonly parent: string;
  readonly stubs: readonly Stub[];
  readonly catalogue: ReadonlyMap<string, CatalogueEntry>;
  readonly seeder: Seeder;
}

/** Never throws: what goes wrong on the way makes the case wrong. */
export async function runCase(one: Case, label: Label | undefined, workshop: Workshop): Promise<CaseResult> {
  const started = Date.now();
  const { adapter, id, group } = one;
  const head = {
    adapter,
    id,
    group,
    expect: label?.expect ?? 'no label',
    differences: [],
    problems: [],
    musts: [],
  };
  const done = (result: Partial<CaseResult> & Pick<CaseResult, 'verdict'>): CaseResult => ({
    ...head,
    ...result,
    ms: Date.now() - started,
  });
  if (label === undefined || !EXPECTATIONS.has(label.expect)) {
    return done({ verdict: 'skipped', reason: label?.reason ?? label?.expect ?? 'no label' });
  }
  const folder = makeCaseFolder(workshop.parent, `${adapter}-${id}`);
  try {
    const state = startingState(one, label);
    writeCommands(folder, workshop.stubs, label.needs ?? [], state, workshop.catalogue);
    await workshop.seeder.seed(folder, state);
    return done(await runOnService(one, label, workshop, folder, state.rootUser));
  } catch (error) {
    if (error instanceof UnbuildableState)
      return done({ verdict: 'skipped', reason: `state: ${error.message}` });
    return done({ verdict: 'wrong', problems: [error instanceof Error ? error.message : String(error)] });
  } finally {
    rmSync(folder.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runOnService(
  one: Case,
  label: Label,
  workshop: Workshop,
  folder: CaseFolder,
  rootUser: string,
): Promise<Replayed> {
  const { installation } = workshop;
  const lang = one.state.lang ?? 'en_US.UTF-8';
  const service = await Service.start({
    installation,
    folder,
    lang,
    rootUser: rootUser === 'admin' ? undefined : rootUser,
  });
  let problem: string | undefined;
  let result: Replayed;
  try {
    result = await replay(one, label, service);
  } finally {
    problem = await service.stop();
  }
  return problem === undefined
    ? result
    : { ...result, verdict: 'wrong' as const, problems: [...result.problems, problem] };
}

type Replayed = Pick<CaseResult, 'verdict' | 'differences' | 'problems' | 'musts'> & {
  readonly seen: Record<string, unknown>;
};

async function replay(one: Case, label: Label, service: Service): Promise<Replayed> {
  const from = new Date();
  const bindings = new Bindings();
  const setUp: { argv: readonly string[]; answer: CliAnswer }[] = [];
  for (const recorded of one.adapter === 'cli' ? one.setup : (one.state.cli_setup ?? [])) {
    const argv = recorded.map((text) => fillIn(text, bindings));
    const answer = await service.run(argv);
    bindMadeKeys(argv, answer.stdout.toString(), bindings);
    setUp.push({ argv, answer });
  }
  const wants = wantsOf(label);
  const before = await Snapshot.take(service, wants);
  const answer =
    one.adapter === 'cli'
      ? await runCliCase(one, service, bindings)
      : await runHttpCase(one, service.port, bindings);
  const bound = bindings.copy({ from, until: new Date(), severalMoments: setUp.length > 0 });
  const after = await Snapshot.take(service, wants);
  const judgement = judge(one, label, answer, bound);
  const context: MustContext = { one, label, answer, bindings: bound, before, after, service, setUp };
  const musts = await checkMusts(context);
  const problems = checkEffects(context, judgement, musts);
  const holds =
    judgement.verdict !== 'wrong' &&
    problems.length === 0 &&
    musts.every((must) => must.outcome !== 'failed');
  return {
    verdict: holds ? judgement.verdict : 'wrong',
    differences: judgement.differences,
    problems,
    musts,
    seen: shown(answer),
  };
}

function shown(answer: Answer): Record<string, unknown> {
  if (answer.adapter === 'cli')
    return { exit_code: answer.exitCode, stdout: textOf(answer), stderr: answer.stderr };
  return {
    status: answer.status,
    code: answer.code,
    headers: Object.fromEntries(answer.headers),
    body: textOf(answer),
  };
}
