import type { MonitorAlert } from './monitor.decide.js';

export const serviceName = 'PaymentGatewayService';

export interface AlertContext {
  /** Address of the status page. */
  readonly statusUrl: string;
  readonly environment: string;
  readonly atMs: number;
}

/** The flat payload the gateway's ops endpoint takes. */
export function alertPayloadOf(alert: MonitorAlert, { statusUrl, environment, atMs }: AlertContext) {
  const common = {
    alert_id: alert.alertId,
    event_type: alert.type,
    timestamp: new Date(atMs).toISOString(),
    service_name: serviceName,
    environment,
    incident_link: statusUrl,
  };
  return alert.type === 'service_down'
    ? { ...common, severity: 'critical', message: `The payment service does not answer: ${alert.reason}.` }
    : {
        ...common,
        message: `The payment service answers again after ${Math.round(alert.downMs / 1_000)} s.`,
      };
}
