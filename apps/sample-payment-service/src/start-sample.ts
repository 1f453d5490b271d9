import { SignalboxError } from '@signalbox/errors';
import { createMetrics, type Logger } from '@signalbox/observability';
import { createOutboundHttp } from '@signalbox/outbound-http';
import { closeServer, listen } from './http.js';
import { alertPayloadOf } from './monitor/alert.format.js';
import type { MonitorAlert } from './monitor/monitor.decide.js';
import { Monitor } from './monitor/monitor.js';
import { WebhookSender } from './monitor/webhook-sender.js';
import type { SampleSettings } from './settings.js';
import { askChild } from './supervisor/ask-child.js';
import { createControlServer } from './supervisor/control-server.js';
import { PaymentChild, type ChildProgram } from './supervisor/payment-child.js';

const checkTimeoutMs = 800;
const alertPath = '/agent/ops-alert-webhook';

export interface RunningSample {
  /** e.g. http://127.0.0.1:3301 */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts supervisor, payment process and monitor. Rejects when the port is taken or the process does not start. */
export async function startSample(
  settings: SampleSettings,
  logger: Logger,
  program?: ChildProgram,
): Promise<RunningSample> {
  const child = new PaymentChild(program);
  const metrics = createMetrics('sample-payment-service');
  const gateway = new URL(settings.GATEWAY_URL);
  const http = createOutboundHttp({ allowPrivate: [hostPort(gateway)] });
  const target = { url: new URL(alertPath, gateway).href, secret: settings.WEBHOOK_SECRET };
  const sender = new WebhookSender(http, target, logger);
  let isReady = false;
  let url = '';
  const monitor = new Monitor({
    intervalMs: settings.CHECK_INTERVAL_MS,
    check: () => checkChild(child),
    onAlert: (alert, atMs) => {
      const statusUrl = `${settings.PUBLIC_URL ?? url}/status`;
      report(alert, logger);
      metrics.count('sample_alerts_total', { type: alert.type });
      sender.send(alertPayloadOf(alert, { statusUrl, environment: settings.SERVICE_ENVIRONMENT, atMs }));
    },
  });
  const server = createControlServer({
    child,
    metrics,
    monitorStatus: () => ({ ...monitor.state, webhooks_waiting: sender.waiting }),
    isReady: () => isReady,
  });
  const port = await listen(server, settings.PORT, settings.HOST);
  url = `http://${settings.HOST}:${port}`;
  await child.restart();
  monitor.start();
  isReady = true;
  logger.info({ url, ...child.status }, 'The payment service is running');
  return {
    url,
    stop: async () => {
      isReady = false;
      monitor.stop();
      await Promise.all([sender.stop(), closeServer(server), child.stop()]);
      await http.close();
    },
  };
}

async function checkChild(child: PaymentChild): Promise<void> {
  const { status } = await askChild(child.port, { method: 'GET', path: '/health' }, checkTimeoutMs);
  if (status !== 200) throw new SignalboxError('outbound_failed', `its health check answered ${status}`);
}

function report(alert: MonitorAlert, logger: Logger): void {
  if (alert.type === 'service_down') logger.error({ ...alert }, 'The payment service is down');
  else logger.info({ ...alert }, 'The payment service has recovered');
}

const hostPort = (url: URL): string =>
  `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
