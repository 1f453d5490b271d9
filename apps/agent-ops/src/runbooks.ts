import type { DataOf, remediationRequested, Severity } from '@signalbox/contracts';

type Request = DataOf<typeof remediationRequested>;

export interface RunbookStep {
  readonly action: Request['action'];
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What to try, in order, when a service is down. The remediator runs only what its own allow-list holds. */
export interface Runbook {
  /** Unique; open incidents refer to it, so a runbook is renamed only together with them. */
  readonly name: string;
  /** Left out: every service. */
  readonly services?: readonly string[];
  /** Left out: every environment. */
  readonly environments?: readonly string[];
  readonly severities: readonly Severity[];
  readonly steps: readonly RunbookStep[];
}

const restart: RunbookStep = { action: 'restart' };
const hook: RunbookStep = { action: 'hook' };
/** The remediator's allow-list bounds the number of replicas per service. */
const scaleTo = (replicas: number): RunbookStep => ({
  action: 'scale',
  parameters: { replicas: `${replicas}` },
});
const production = ['production', 'prod', 'live'];

/** The first that fits is used. Low and info are for people to look at: no runbook has them. */
export const runbooks: readonly Runbook[] = [
  {
    name: 'payment-unresponsive',
    services: ['PaymentGatewayService'],
    environments: production,
    severities: ['critical', 'high'],
    steps: [restart, scaleTo(4), hook],
  },
  {
    name: 'service-unresponsive',
    environments: production,
    severities: ['critical', 'high'],
    steps: [restart, scaleTo(3), hook],
  },
  {
    name: 'service-degraded',
    environments: production,
    severities: ['medium'],
    steps: [restart, scaleTo(3)],
  },
  {
    name: 'restart-only',
    severities: ['critical', 'high', 'medium'],
    steps: [restart],
  },
];

/** The runbook for a service that is down, or undefined when none fits. */
export function runbookFor(service: string, environment: string, severity: Severity): Runbook | undefined {
  return runbooks.find(
    ({ services, environments, severities }) =>
      (services?.includes(service) ?? true) &&
      (environments?.includes(environment.toLowerCase()) ?? true) &&
      severities.includes(severity),
  );
}

export const runbookNamed = (name: string): Runbook | undefined =>
  runbooks.find((runbook) => runbook.name === name);
