import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a tenth of a millisecond to a settling that waits for a lease. Seconds. */
const buckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** What a gauge or a count shows: one number, or one for each value of its label. */
export type Reading = number | undefined | Readonly<Record<string, number>>;

/**
 * What the service tells Prometheus about itself. Events are counted as they happen; states are read when somebody
 * asks. No label has a key, a user or an address in it: there are only as many series as there are lines of code.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly decisions: Counter;
  private readonly outcomes = new Map<string, Counter.Internal>();
  private readonly decisionSeconds = this.histogram('hearthkey_decision_seconds', 'From asked to recorded.');
  private readonly settlingSeconds = this.histogram(
    'hearthkey_settling_seconds',
    'From the commit of a change until it counted on every node.',
  );
  private readonly storeSeconds = this.histogram('hearthkey_store_seconds', 'Statements of the database.');
  private readonly redisSeconds = this.histogram('hearthkey_redis_seconds', 'Commands that Redis answered.');

  constructor() {
    this.decisions = new Counter({
      name: 'hearthkey_decisions_total',
      help: 'Decisions as they were answered.',
      labelNames: ['outcome', 'reason'],
      registers: [this.registry],
    });
  }

  /** @param reason - why it was denied; the empty text for an allow */
  decided(reason: string, ms: number): void {
    let counter = this.outcomes.get(reason);
    if (counter === undefined) {
      counter = this.decisions.labels({ outcome: reason === '' ? 'allow' : 'deny', reason });
      this.outcomes.set(reason, counter);
    }
    counter.inc();
    this.decisionSeconds.observe(ms / 1000);
  }

  settled(ms: number): void {
    this.settlingSeconds.observe(ms / 1000);
  }

  storeAnswered(ms: number): void {
    this.storeSeconds.observe(ms / 1000);
  }

  redisAnswered(ms: number): void {
    this.redisSeconds.observe(ms / 1000);
  }

  /** Something that goes up and down. A reading that fails, or is undefined, is left out of the answer. */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label?: string): void {
    const labelNames = label === undefined ? [] : [label];
    const gauge: Gauge = new Gauge({
      ...{ name, help, labelNames, registers: [this.registry] },
      collect: async () => {
        gauge.reset();
        gauge.remove();
        for (const [labels, value] of await readings(read, label)) gauge.set(labels, value);
      },
    });
  }

  /** Something that its own place counts, ever upwards. */
  count(name: string, help: string, read: () => Reading, label?: string): void {
    const labelNames = label === undefined ? [] : [label];
    const counter: Counter = new Counter({
      ...{ name, help, labelNames, registers: [this.registry] },
      collect: async () => {
        counter.reset();
        for (const [labels, value] of await readings(read, label)) counter.inc(labels, value);
      },
    });
  }

  /** @returns all of it in Prometheus' text format */
  async render(): Promise<{ type: string; text: string }> {
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }

  private histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }
}

async function readings(
  read: () => Reading | Promise<Reading>,
  label: string | undefined,
): Promise<[Record<string, string>, number][]> {
  const reading = await Promise.resolve()
    .then(read)
    .catch(() => undefined);
  if (reading === undefined) return [];
  if (typeof reading === 'number') return [[{}, reading]];
  return Object.entries(reading).map(([value, number]) => [{ [label ?? 'kind']: value }, number]);
}
