import { expect, it } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { alterations } from './alterations.js';
import { Replayer } from './replay.js';
import { readTold } from './told.js';
import { traceOf } from './trace.js';

const describeReplay = describeWith('spin', 'gcc');

/** As of the run that the trace is of. */
const leaseMs = 600;

/**
 * What three nodes have told of `npm run faults -- revocation --count 40 --decisions 500 --seed 5 --replay`, each file by its
 * name.
 */
const kept = join(import.meta.dirname, '../fixtures/settling-trace.json.gz');

function keptTrace(): ReturnType<typeof traceOf> {
  const folder = temporaryFolder();
  const files = JSON.parse(gunzipSync(readFileSync(kept)).toString()) as Record<string, string>;
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return traceOf(readTold(folder), leaseMs);
}

describeReplay('a trace of the service, replayed against the model', () => {
  it('is a path of it, and none where a step is altered', async () => {
    const trace = keptTrace();
    const replayer = await Replayer.for(trace);
    expect(await replayer.replay(trace)).toMatchObject({ isPath: true });
    const altered = alterations(trace, 1);
    expect(altered.map(({ what }) => what)).toHaveLength(5);
    for (const { what, trace: wrong } of altered)
      expect({ what, ...(await replayer.replay(wrong)) }).toMatchObject({ what, isPath: false });
  }, 600_000);
});
