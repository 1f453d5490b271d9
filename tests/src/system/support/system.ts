import { sign } from '@signalbox/webhooks';
import {
  Installation,
  PagerDutyReceiver,
  SlackReceiver,
  SmtpReceiver,
  type InstallationOptions,
} from '@signalbox/test-kit';
import { AppProcess } from './app-process.js';

const secret = 'secret-of-the-system-tests';
const sendMsMax = 180_000;

/** A gateway that gives Kafka longer than a busy machine keeps it from answering: every good webhook is answered 202. */
export const patient = { GATEWAY_ACKNOWLEDGE_MS_MAX: '30000' } as const;

export interface DeliverOptions {
  /** Told the status of every answer but 202. */
  readonly onRefusal?: (status: number) => void;
  /** Signs the next request; the secret of the system when left out. */
  readonly secret?: () => string;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly event_id: string;
  readonly correlation_id: string;
}

/** Apps, each a process of its own, in an installation of their own, with real receivers at the end. */
export class System {
  private readonly apps = new Map<string, AppProcess>();

  private constructor(
    readonly installation: Installation,
    readonly mail: SmtpReceiver,
    readonly slack: SlackReceiver,
    readonly pagerDuty: PagerDutyReceiver,
    private readonly more: Readonly<Record<string, string>>,
  ) {}

  /** Starts the apps named as in infra/apps.json; resolves when all are ready. `more` are further settings of all. */
  static async start(
    names: readonly string[],
    more: Readonly<Record<string, string>> = {},
    kafka: Pick<InstallationOptions, 'kafkaBrokers' | 'replication'> = {},
  ): Promise<System> {
    const agents = names.filter((name) => name !== 'gateway').map((name) => name.replace(/^agent-/, ''));
    const installation = await Installation.open({ agents, ...kafka });
    const [mail, slack, pagerDuty] = await Promise.all([
      SmtpReceiver.start(),
      SlackReceiver.start(),
      PagerDutyReceiver.start(),
    ]);
    const system = new System(installation, mail, slack, pagerDuty, more);
    try {
      await Promise.all(names.map((name) => system.launch(name)));
      await Promise.all(names.map((name) => system.app(name).ready()));
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  app(name: string): AppProcess {
    const app = this.apps.get(name);
    if (!app) throw new Error(`${name} was not started`);
    return app;
  }

  /** Starts an app (anew); resolves when it listens, which is before it is ready. */
  async launch(name: string, more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const app = await AppProcess.start(name, { ...this.environment(), ...more });
    this.apps.set(name, app);
    return app;
  }

  /** Ends an app and starts it anew; resolves when it listens. */
  async restart(name: string, signal: NodeJS.Signals): Promise<AppProcess> {
    await this.app(name).end(signal);
    return this.launch(name);
  }

  /** Settings of every app here. */
  environment(): Record<string, string> {
    return this.installation.environment({
      WEBHOOK_SECRET: secret,
      SMTP_URL: this.mail.url,
      SLACK_WEBHOOK_URL: this.slack.url,
      PAGERDUTY_EVENTS_URL: this.pagerDuty.url,
      PAGERDUTY_ROUTING_KEY: 'R'.repeat(32),
      OUTBOUND_ALLOW_PRIVATE: '127.0.0.0/8',
      ...this.more,
    });
  }

  /** Posts the exact bytes, signed. */
  async post(path: string, body: Buffer, key = secret): Promise<WebhookAnswer> {
    const headers = { 'content-type': 'application/json', ...sign({ rawBody: body, secret: key }) };
    const response = await fetch(`${this.app('gateway').url}${path}`, { method: 'POST', headers, body });
    return { ...((await response.json()) as Omit<WebhookAnswer, 'status'>), status: response.status };
  }

  /** As a sender does: the same bytes again until they are accepted. */
  async deliver(path: string, data: object, options: DeliverOptions = {}): Promise<WebhookAnswer> {
    const body = Buffer.from(JSON.stringify(data));
    const untilMs = Date.now() + sendMsMax;
    for (;;) {
      const answer = await this.post(path, body, options.secret?.()).catch(() => undefined);
      if (answer?.status === 202) return answer;
      if (answer) options.onRefusal?.(answer.status);
      if (Date.now() > untilMs || (answer !== undefined && answer.status < 500)) {
        throw new Error(`${path} was not accepted: ${JSON.stringify(answer)}`);
      }
      await wait(100);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apps.values()].map((app) => app.end('SIGKILL')));
    await Promise.all([this.mail.close(), this.slack.close(), this.pagerDuty.close()]);
    await this.installation.close();
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
