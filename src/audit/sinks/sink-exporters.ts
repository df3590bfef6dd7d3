import type { SinkExporter, SinkState } from './sink-exporter.js';

/** Several sinks of one record, each at its own place. */
export class SinkExporters {
  constructor(private readonly all: readonly SinkExporter[]) {}

  get states(): SinkState[] {
    return this.all.map(({ state }) => state);
  }

  /** The sink that has acknowledged least; undefined: there is none. */
  get slowest(): { name: string; number: number } | undefined {
    const all = this.all.map(({ state: { name }, acknowledged: number }) => ({ name, number }));
    return all.sort((one, other) => one.number - other.number)[0];
  }

  async start(): Promise<void> {
    for (const exporter of this.all) await exporter.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((exporter) => exporter.stop()));
  }
}
