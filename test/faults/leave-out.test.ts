import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installation, temporaryFolder } from '../support/folders.js';
import { ownEnvironment } from '../support/own-environment.js';
import { Findings } from './findings.js';
import { mutants } from './mutants.js';
import { ExitCode, outcomeWithout } from './outcome.js';

const hook = join(installation, 'test/faults/leave-out.mjs');
/** @param before - a module that is loaded first */
const leaveOut = (part: string, before = '') =>
  spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(before)}`, '--import', hook, '-e', ''],
    { env: ownEnvironment({ LEAVE_OUT: part }), encoding: 'utf8' },
  );

describe('a part of the service', () => {
  it.each(Object.keys(mutants))('is there to be left out: %s', (part) => {
    expect(leaveOut(part)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is not left out silently when nothing has its name', () => {
    const { status, stderr } = leaveOut('nothing');
    expect(status).toBe(1);
    expect(stderr).toContain("LEAVE_OUT can't be nothing");
  });

  it('is not left out silently when its method has another name', () => {
    const membership = pathToFileURL(join(installation, 'dist/storage/cluster/membership.js')).href;
    const renaming = `import { Membership } from '${membership}'; delete Membership.prototype.settleUpTo;`;
    const { status, stderr } = leaveOut('settling', renaming);
    expect(status).toBe(1);
    expect(stderr).toContain('leave-out: Membership has no method settleUpTo');
  });
});

it('every step of settling is there to be traced', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', join(installation, 'test/faults/trace.mjs'), '-e', ''],
    { env: ownEnvironment({ TRACE_TO: temporaryFolder(), TRACE_NAME: 'node' }), encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe('a run without a part', () => {
  const outcome = (wrong: string[], slow: string[] = [], isSlowMachine = false) => {
    const findings = new Findings();
    findings.judged();
    findings.wrong.push(...wrong);
    findings.slow.push(...slow);
    findings.judged();
    findings.judged();
    return outcomeWithout(findings, /answered 0/, isSlowMachine);
  };

  it('has found it only where the reason is the right one, and tells after how many answers', () => {
    expect(outcome(['a key in use, answered 17', 'wrong, answered 0'])).toEqual({
      code: ExitCode.found,
      line: 'Found a violation after 2 answers: wrong, answered 0',
    });
    expect(outcome(['a key in use, answered 17'], ['slow']).code).toBe(ExitCode.failed);
  });

  it('tells nothing found from a machine that is too slow', () => {
    expect(outcome([])).toEqual({ code: ExitCode.holds, line: 'Nothing was found in 3 answers.' });
    expect(outcome([], ['slow']).code).toBe(ExitCode.tooSlow);
    expect(outcome([], [], true).code).toBe(ExitCode.tooSlow);
  });
});
