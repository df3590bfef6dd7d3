import type { Metrics } from '../../metrics/metrics.js';
import type { SinkState } from './sink-exporter.js';

/** Shows how far each sink is behind; there are as many series as an operator has named sinks. */
export function showSinks(states: () => readonly SinkState[], metrics: Metrics): void {
  const each = byName(states);
  metrics.gauge(
    'hearthkey_audit_export_behind_events',
    'Recorded events that the sink has not acknowledged.',
    each(({ behind }) => behind),
    'sink',
  );
  metrics.gauge(
    'hearthkey_audit_export_last_success_seconds',
    'When the sink last had everything or acknowledged events, since 1970.',
    each(({ lastSuccessMs }) => (lastSuccessMs === undefined ? undefined : lastSuccessMs / 1000)),
    'sink',
  );
}

/** Reads something of each state, for a metric with a series for each; one that has nothing of it is left out. */
export function byName<S extends SinkState>(states: () => readonly S[]) {
  return (read: (state: S) => number | undefined) => (): Record<string, number> =>
    Object.fromEntries(
      states().flatMap((state) => {
        const value = read(state);
        return value === undefined ? [] : [[state.name, value]];
      }),
    );
}
