/**
 * Sends a flood, in a process of its own: what it costs to make one delays no client that is measured. It is told of a
 * wave, tells how it was answered, and waits for the next one.
 */
import { Connections } from './connections.js';
import { Random } from './random.js';
import { steadily } from './steadily.js';
import { rightRequest, wrongPassword, wrongRequest, type Targets } from './flood-requests.js';

export interface Wave {
  port: number;
  /** As a text: it is told from process to process. */
  ca: string | undefined;
  targets: Targets;
  seed: number;
  ms: number;
  perSecond: number;
  passwordsPerSecond: number;
  /** Right secrets, to compare with. */
  isRight: boolean;
  /** How many clients there are, each with an address of its own. */
  addresses: number;
}

export interface WaveResult {
  sent: number;
  /** By their code, or why there was none. */
  codes: Record<string, number>;
}

const waitLimitMs = 30_000;
/** Of requests at once: where so many wait, nothing more is sent until one is answered. */
const mostWaiting = 256;

async function send(wave: Wave): Promise<WaveResult> {
  const { port, ca, targets, addresses, perSecond, passwordsPerSecond } = wave;
  const random = new Random(wave.seed);
  const result: WaveResult = { sent: 0, codes: {} };
  let next = 0;
  // By turns, so that all take part.
  const clients = Array.from({ length: addresses }, (_, index) => {
    const address = `127.0.1.${String(index + 1)}`;
    return new Connections(port, waitLimitMs, {
      ca: ca === undefined ? undefined : Buffer.from(ca),
      from: () => address,
    });
  });
  const ask = async (request: Buffer): Promise<void> => {
    const client = clients[next++ % clients.length]!;
    result.sent++;
    const { code } = await client.ask(request);
    result.codes[code] = (result.codes[code] ?? 0) + 1;
  };
  let waiting = 0;
  const limited = (make: () => Buffer) => async (): Promise<void> => {
    if (waiting >= mostWaiting) return;
    waiting++;
    await ask(make()).finally(() => waiting--);
  };
  const endMs = performance.now() + wave.ms;
  const rates = [
    {
      perSecond,
      ask: limited(() => (wave.isRight ? rightRequest(targets, random) : wrongRequest(targets, random))),
    },
    { perSecond: passwordsPerSecond, ask: limited(() => wrongPassword(random)) },
  ];
  await steadily(rates, () => performance.now() >= endMs);
  for (const client of clients) client.close();
  return result;
}

process.on('message', (wave: Wave) => {
  void send(wave).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
