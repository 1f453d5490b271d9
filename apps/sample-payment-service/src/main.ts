import { loadSettings } from '@signalbox/config';
import { createLogger } from '@signalbox/observability';
import { sampleSettings } from './settings.js';
import { startSample } from './start-sample.js';

const stopLimitMs = 8_000;

async function main(): Promise<void> {
  const settings = loadSettings(sampleSettings);
  const running = await startSample(settings, createLogger('sample-payment-service', settings.LOG_LEVEL));
  const stop = (): void => {
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    void running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const { code, message, action } = error as { code?: string; message: string; action?: string };
  createLogger('sample-payment-service').error({ code, action }, message);
  process.exit(1);
});
