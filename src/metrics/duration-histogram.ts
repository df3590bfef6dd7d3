import type { Histogram, Registry } from 'prom-client';

/** From a tenth of a millisecond to a settling that waits for a lease. Seconds. */
const upperBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** How long something took, for `prom-client`'s registry: without labels, so that counting is a step in an array. */
export class DurationHistogram {
  readonly type = 'histogram';
  private readonly counts = new Float64Array(upperBounds.length + 1);
  private sumMs = 0;

  constructor(
    readonly name: string,
    readonly help: string,
    registry: Registry,
  ) {
    // The registry asks a metric for its name and for `get`; its type is that of its own classes.
    registry.registerMetric(this as unknown as Histogram);
  }

  observe(ms: number): void {
    const seconds = ms / 1000;
    let index = 0;
    while (index < upperBounds.length && seconds > (upperBounds[index] ?? Infinity)) index++;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sumMs += ms;
  }

  /** In the shape in which the registry renders it. */
  get(): Promise<object> {
    const { name, help, type } = this;
    let count = 0;
    const buckets = [...upperBounds, '+Inf'].map((le, index) => {
      count += this.counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le }, value: count };
    });
    const sum = { metricName: `${name}_sum`, labels: {}, value: this.sumMs / 1000 };
    const all = { metricName: `${name}_count`, labels: {}, value: count };
    return Promise.resolve({ name, help, type, aggregator: 'sum', values: [...buckets, sum, all] });
  }
}
