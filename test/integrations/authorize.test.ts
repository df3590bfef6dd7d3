/** The lines of docs/integrations/authorize.md, run as they stand there. */
import { beforeAll, expect, it } from '@jest/globals';
import { readBlocks, replaceAll } from '../support/documents.js';
import { ownValues, startGatedService, type GatedService } from '../support/gated-service.js';
import { runProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';

const page = 'docs/integrations/authorize.md';

describeWith('curl')('the page on /v1/authorize', () => {
  let gated: GatedService;

  beforeAll(async () => {
    gated = await startGatedService(['203.0.113.9']);
  });

  async function run(lines: string): Promise<unknown> {
    const { stdout, stderr } = await runProcess('/bin/sh', ['-c', lines]);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it('has a question and its answer, over HTTP', async () => {
    const [lines = ''] = readBlocks(page, 'sh');
    const [answer = ''] = readBlocks(page, 'json');
    expect(await run(replaceAll(lines, ownValues(gated)))).toEqual(JSON.parse(answer));
  });

  it('has one at the gate socket', async () => {
    const [, lines = ''] = readBlocks(page, 'sh');
    const [, answer = ''] = readBlocks(page, 'json');
    const { alice } = gated;
    const parts = {
      InNqgp01kO3v0W22eg6Z: alice.id,
      SECRET: alice.secret,
      '/run/hearthkey/gate.sock': gated.gateSocket,
    };
    expect(await run(replaceAll(lines, parts))).toEqual(JSON.parse(answer));
  });
});
