import { Counter, Gauge, Registry } from 'prom-client';
import { DurationHistogram } from './duration-histogram.js';

/** What a gauge or a count shows: one number, or one for each value of its label. */
export type Reading = number | undefined | Readonly<Record<string, number>>;

/**
 * What the service tells Prometheus about itself. Events are counted as they happen; states are read when somebody
 * asks. No label has a key, a user or an address in it: there are only as many series as there are lines of code.
 */
export class Metrics {
  private readonly registry = new Registry();
  /** By reason. */
  private readonly decisions = new Map<string, number>();
  private readonly decisionSeconds = this.histogram('hearthkey_decision_seconds', 'From asked to recorded.');
  private readonly settlingSeconds = this.histogram(
    'hearthkey_settling_seconds',
    'From the commit of a change until it counted on every node.',
  );
  private readonly storeSeconds = this.histogram('hearthkey_store_seconds', 'Statements of the database.');
  private readonly redisSeconds = this.histogram('hearthkey_redis_seconds', 'Commands that Redis answered.');

  constructor() {
    const decisions: Counter = new Counter({
      name: 'hearthkey_decisions_total',
      help: 'Decisions as they were answered.',
      labelNames: ['outcome', 'reason'],
      registers: [this.registry],
      collect: () => {
        decisions.reset();
        for (const [reason, count] of this.decisions)
          decisions.inc({ outcome: reason === '' ? 'allow' : 'deny', reason }, count);
      },
    });
  }

  /** @param reason - why it was denied; the empty text for an allow */
  decided(reason: string, ms: number): void {
    this.decisions.set(reason, (this.decisions.get(reason) ?? 0) + 1);
    this.decisionSeconds.observe(ms);
  }

  settled(ms: number): void {
    this.settlingSeconds.observe(ms);
  }

  storeAnswered(ms: number): void {
    this.storeSeconds.observe(ms);
  }

  redisAnswered(ms: number): void {
    this.redisSeconds.observe(ms);
  }

  /** Something that goes up and down. A reading that fails, or is undefined, is left out of the answer. */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label?: string): void {
    const labelNames = label === undefined ? [] : [label];
    const gauge: Gauge = new Gauge({
      ...{ name, help, labelNames, registers: [this.registry] },
      collect: async () => {
        gauge.reset();
        if (label === undefined) gauge.remove();
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

  private histogram(name: string, help: string): DurationHistogram {
    return new DurationHistogram(name, help, this.registry);
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
