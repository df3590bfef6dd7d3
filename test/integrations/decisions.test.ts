/** The lines of docs/integrations/authorize.md and authzen.md, run as they stand there. */
import { beforeAll, expect, it } from '@jest/globals';
import { readBlocks, replaceAll } from '../support/documents.js';
import { ownValues, startGatedService, type GatedService } from '../support/gated-service.js';
import { runProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';

describeWith('curl')('the pages on asking for decisions', () => {
  const authorize = 'docs/integrations/authorize.md';
  const authzen = 'docs/integrations/authzen.md';
  let gated: GatedService;

  beforeAll(async () => {
    gated = await startGatedService(['203.0.113.9']);
  });

  async function run(lines: string): Promise<unknown> {
    const { stdout, stderr } = await runProcess('/bin/sh', ['-c', lines]);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it('have a question and its answer, over HTTP', async () => {
    const [lines = ''] = readBlocks(authorize, 'sh');
    const [answer = ''] = readBlocks(authorize, 'json');
    expect(await run(replaceAll(lines, ownValues(gated)))).toEqual(JSON.parse(answer));
  });

  it('have one at the gate socket', async () => {
    const [, lines = ''] = readBlocks(authorize, 'sh');
    const [, answer = ''] = readBlocks(authorize, 'json');
    const { alice } = gated;
    const parts = {
      InNqgp01kO3v0W22eg6Z: alice.id,
      SECRET: alice.secret,
      '/run/hearthkey/gate.sock': gated.gateSocket,
    };
    expect(await run(replaceAll(lines, parts))).toEqual(JSON.parse(answer));
  });

  it.each([0, 1])('have questions of AuthZEN and their answers (%i)', async (place) => {
    const lines = replaceAll(readBlocks(authzen, 'sh')[place] ?? '', ownValues(gated));
    const { stdout } = await runProcess('/bin/sh', ['-c', `${lines.trimEnd()} -i`]);
    const [headers = '', body = ''] = stdout.split('\r\n\r\n');
    expect(JSON.parse(body)).toEqual(JSON.parse(readBlocks(authzen, 'json')[place] ?? ''));
    if (place === 0) expect(headers).toMatch(/^x-request-id: 4711\r?$/im);
  });
});
