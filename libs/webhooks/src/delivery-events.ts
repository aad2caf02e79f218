import type { Log, Metrics } from '@millrace/telemetry';

/** What those who run receivers will want to hear of. */
export type DeliveryEvent =
  /** The fourth attempt failed. */
  | { readonly type: 'callback.failing' | 'callback.exhausted'; readonly tenant: string; readonly run: string; readonly origin: string }
  /** A callback that was failing was delivered after all. */
  | { readonly type: 'callback.recovered'; readonly tenant: string; readonly run: string; readonly origin: string }
  | { readonly type: 'endpoint.disabled'; readonly tenant: string; readonly origin: string; readonly reason: string };

export interface DeliveryEvents {
  tell(event: DeliveryEvent): void;
}

/** Tells of them in the log and as `millrace_callback_events_total`. */
export const loggedEvents = ({ log, metrics }: { readonly log: Log; readonly metrics: Metrics }): DeliveryEvents => ({
  tell: ({ type, ...fields }) => {
    metrics.callbackEvents.inc({ event: type });
    if (type === 'callback.recovered') log.info(fields, type);
    else log.warn(fields, type);
  },
});
