import { createLogger } from '@signalbox/observability';
import { SignalboxError } from '@signalbox/errors';
import { loadGatewaySettings } from './settings/settings.js';
import { startGateway } from './start-gateway.js';

/** A stop that takes longer than this ends the process. */
const exitMsMax = 9_500;

async function main(): Promise<void> {
  const settings = loadGatewaySettings();
  const gateway = await startGateway(settings);
  const end = (): void => {
    setTimeout(() => process.exit(1), exitMsMax).unref();
    void gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  const logger = createLogger('gateway');
  if (error instanceof SignalboxError) {
    logger.error({ code: error.code, action: error.action }, error.message);
  } else logger.error({ err: error }, 'the gateway could not start');
  process.exitCode = 1;
});
