/** The lines of docs/integrations/authzen.md, run as they stand there. */
import { beforeAll, expect, it } from '@jest/globals';
import { readBlocks, replaceAll } from '../support/documents.js';
import { ownValues, startGatedService, type GatedService } from '../support/gated-service.js';
import { runProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';

const page = 'docs/integrations/authzen.md';

describeWith('curl')('the page on AuthZEN', () => {
  let gated: GatedService;

  beforeAll(async () => {
    gated = await startGatedService(['203.0.113.9']);
  });

  it.each([0, 1])('has questions and their answers (%i)', async (place) => {
    const lines = replaceAll(readBlocks(page, 'sh')[place] ?? '', ownValues(gated));
    const { stdout } = await runProcess('/bin/sh', ['-c', `${lines.trimEnd()} -i`]);
    const [headers = '', body = ''] = stdout.split('\r\n\r\n');
    expect(JSON.parse(body)).toEqual(JSON.parse(readBlocks(page, 'json')[place] ?? ''));
    if (place === 0) expect(headers).toMatch(/^x-request-id: 4711\r?$/im);
  });
});
