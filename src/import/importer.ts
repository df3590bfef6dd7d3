import { resolve } from 'node:path';
import type { ChangeOrigin } from '../audit/audit-event.js';
import { ConfError, parseSettings } from '../text/conf-file.js';
import { AppError, invalid, notFound, ReturnCode } from '../errors.js';
import { accessKeyIdPattern, userNamePattern } from '../text/names.js';
import { accessKeysFolder, importAccessKeys } from './import-access-keys.js';
import { importLegacyKeys } from './import-legacy-keys.js';
import { importRoles } from './import-roles.js';
import { ImportStopped, type ImportParts, type ImportRun, type Revive } from './import-run.js';
import { importSettings, settingsThatCount } from './import-settings.js';
import { importUsers } from './import-users.js';
import { HestiaTree, TreeError } from './read-tree.js';
import { Report, type Result } from './report.js';

const settingsFile = 'conf/hestia.conf';
const settingsLimitBytes = 262_144;

export interface ImportRequest {
  /** Absolute, or relative to `cwd`. */
  from: string;
  cwd: string | undefined;
  isDryRun: boolean;
  /** What comes back although it was deleted here: IDs of access keys, `legacy-keys`, `all`. */
  revive: readonly string[];
  origin: ChangeOrigin;
  say: (text: string) => void;
  signal: AbortSignal;
}

/** Moving in: takes over what a Hestia tree has of access keys, API roles, users and switches. */
export class Importer {
  private isRunning = false;

  constructor(
    private readonly parts: ImportParts,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Whatever is here already stays, so it can be run again, also after it was killed half-way.
   *
   * @returns the summary, and 0, or 12 when something was skipped, or 4 when something here was in the way
   * @throws AppError 3 (no Hestia tree, or nothing to revive of that name), 12 (its settings can't be read), 2 (another
   * root user, or no name), 14 (one is running)
   */
  async run(request: ImportRequest): Promise<{ code: ReturnCode; summary: string }> {
    if (this.isRunning) throw new AppError(ReturnCode.BUSY, 'an import is running already');
    this.isRunning = true;
    try {
      return await this.runAlone(request);
    } finally {
      this.isRunning = false;
    }
  }

  private async runAlone(request: ImportRequest): Promise<{ code: ReturnCode; summary: string }> {
    const revive = readRevive(request.revive);
    const tree = new HestiaTree(findRoot(request));
    const conf = await readSettings(tree);
    this.requireSameRootUser(conf.get('ROOT_USER') ?? 'admin'); // what Hestia takes where no line says it
    for (const id of revive.named) await this.requireRevivable(tree, id);
    const { isDryRun } = request;
    const report = new Report(isDryRun);
    try {
      const approve = await this.requireApproved(tree, request, conf);
      await this.takeOver({ ...this.runOf(tree, request), report }, conf);
      await approve();
    } catch (error) {
      if (!(error instanceof ImportStopped)) throw error;
      return { code: ReturnCode.BUSY, summary: `${report.text()}stopped before the end: run it again\n` };
    }
    const seal = isDryRun && this.parts.needsApprovals ? sealText(tree) : '';
    return { code: codeOf(report), summary: report.text() + seal + advice(report, isDryRun) };
  }

  private runOf(tree: HestiaTree, { isDryRun, revive, origin, say, signal }: ImportRequest): ImportRun {
    return {
      ...{ tree, report: new Report(isDryRun), isDryRun, origin, say, signal },
      parts: this.parts,
      revive: readRevive(revive),
      nowMs: this.now(),
      newUsers: new Set(),
      administrators: new Set(),
      newRoles: new Map(),
    };
  }

  private async takeOver(run: ImportRun, conf: Map<string, string>): Promise<void> {
    await importRoles(run);
    if (this.parts.hasPanelUsers) run.report.add('users', 'data/users', leftToThePanel);
    else await importUsers(run);
    await importAccessKeys(run);
    await importLegacyKeys(run);
    await importSettings(run, conf);
  }

  /**
   * Lets a second person approve what the tree has at this moment, all of it, before any of it counts.
   *
   * @returns to be called at the end: an import that was stopped can be run again
   */
  private async requireApproved(
    tree: HestiaTree,
    request: ImportRequest,
    conf: Map<string, string>,
  ): Promise<() => Promise<void>> {
    const { origin, revive } = request;
    if (request.isDryRun || !this.parts.needsApprovals) return () => Promise.resolve();
    await this.takeOver(this.runOf(tree, { ...request, isDryRun: true, say: () => undefined }), conf);
    const target = { tree: tree.root, revive: revive.join(','), content: tree.seal() };
    const widening = { kind: 'import', origin, target };
    await this.parts.changes.run((change) => change.requireApproved({ ...widening, isNotAll: true }));
    // All is imported by then: an approval that was taken back meanwhile changes nothing any more.
    return () => this.parts.changes.run((change) => change.requireApproved(widening)).catch(ignoreRefusal);
  }

  /** A word that revives nothing may be a slip. */
  private async requireRevivable(tree: HestiaTree, id: string): Promise<void> {
    const isInTree = (await tree.kindOf(`${accessKeysFolder}/${id}`))?.is === 'file';
    if (isInTree && (await this.parts.accessKeys.wasDeleted(id))) return;
    throw notFound(`${id}, as an access key of the tree that was deleted here,`);
  }

  private requireSameRootUser(theirs: string): void {
    const ours = this.parts.rootUser;
    if (theirs === ours) return;
    if (!userNamePattern.test(theirs)) {
      throw new AppError(ReturnCode.PARSING, `${settingsFile}: ROOT_USER is no user name; nothing was done`);
    }
    throw invalid(
      `the tree's root user is ${theirs}, here it is ${ours}; nothing was done. ` +
        `Start the service with HEARTHKEY_ROOT_USER=${theirs}, then import again`,
    );
  }
}

function readRevive(words: readonly string[]): Revive & { named: string[] } {
  const known = ['all', 'legacy-keys'];
  const slip = words.find((word) => !known.includes(word) && !accessKeyIdPattern.test(word));
  if (slip !== undefined) throw invalid('--revive takes the ID of an access key, legacy-keys or all');
  const isAll = words.includes('all');
  return {
    named: words.filter((word) => !known.includes(word)),
    accessKeys: isAll ? { has: () => true } : new Set(words),
    legacyKeys: isAll || words.includes('legacy-keys'),
  };
}

const leftToThePanel: Result = {
  fate: 'unchanged',
  remarks: ['HEARTHKEY_HESTIA_ROOT is set: the users of that panel count as they are'],
};

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}

function findRoot({ from, cwd }: ImportRequest): string {
  if (from === '') throw notFound('a directory with an empty name');
  return resolve(cwd ?? '/', from);
}

async function readSettings(tree: HestiaTree): Promise<Map<string, string>> {
  if ((await tree.kindOf('data'))?.is === undefined) throw notATree(tree, 'it has no data');
  try {
    const text = await tree.read(settingsFile, settingsLimitBytes);
    return parseSettings(text, new Set(['ROOT_USER', ...settingsThatCount]));
  } catch (error) {
    if (error instanceof TreeError) throw notATree(tree, `its ${settingsFile} ${error.message}`);
    if (!(error instanceof ConfError)) throw error;
    throw new AppError(ReturnCode.PARSING, `${settingsFile}: ${error.message}; nothing was done`);
  }
}

function notATree({ root }: HestiaTree, why: string): AppError {
  return new AppError(ReturnCode.NOT_EXIST, `${root} is not a Hestia tree: ${why}`);
}

function codeOf(report: Report): ReturnCode {
  if (report.count('skipped') > 0) return ReturnCode.PARSING;
  return report.count('conflict') > 0 ? ReturnCode.EXISTS : ReturnCode.OK;
}

/** By this a second person can tell that what waits is what was looked at. */
function sealText(tree: HestiaTree): string {
  return `content: ${tree.seal()} (a second person approves an import of exactly this)\n`;
}

function advice(report: Report, isDryRun: boolean): string {
  const keys = report.count('imported', 'access keys') + report.count('imported', 'legacy keys');
  if (isDryRun) return 'nothing was changed: this was a dry run\n';
  return keys === 0
    ? ''
    : 'secrets made by Hestia can be guessed: hearthkey doctor says how to replace them\n';
}
