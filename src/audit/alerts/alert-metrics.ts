import type { Metrics } from '../../metrics/metrics.js';
import { byName } from '../sinks/export-metrics.js';
import type { AlertReceiverState } from './alerting.js';

/** Shows what each receiver of alerts got, and how far it is behind. */
export function showAlertReceivers(states: () => readonly AlertReceiverState[], metrics: Metrics): void {
  const each = byName(states);
  metrics.count(
    'hearthkey_alerts_sent_total',
    'Alerts that the receiver has taken.',
    each(({ sent }) => sent),
    'receiver',
  );
  metrics.count(
    'hearthkey_alerts_failed_total',
    'Attempts to send alerts that failed.',
    each(({ failed }) => failed),
    'receiver',
  );
  metrics.count(
    'hearthkey_alerts_put_aside_total',
    'Alerts that the receiver refused for days, and that were passed over.',
    each(({ putAside }) => putAside),
    'receiver',
  );
  metrics.gauge(
    'hearthkey_alerts_behind_events',
    'Recorded events that may have alerts in them which the receiver has not taken.',
    each(({ behind }) => behind),
    'receiver',
  );
  metrics.gauge(
    'hearthkey_alerts_last_success_seconds',
    'When the receiver last had everything or took alerts, since 1970.',
    each(({ lastSuccessMs }) => (lastSuccessMs === undefined ? undefined : lastSuccessMs / 1000)),
    'receiver',
  );
}
