import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from './link.js';

/** Of what a process sees of the world, everything a test may disturb: its ways to both stores and its clock. */
export class Side {
  private constructor(
    readonly kafka: Link,
    readonly postgres: Link,
    private readonly clockPath: string,
  ) {}

  /** `dir`: where the file of its clock may lie. */
  static async start(dir: string, name: string): Promise<Side> {
    return new Side(await Link.start(), await Link.start(), join(dir, `${name}.clock`));
  }

  /** Leads an app through here instead of straight to its stores. */
  environment(databaseUrl: string): Record<string, string> {
    const url = new URL(databaseUrl);
    url.port = String(this.postgres.port);
    return {
      KAFKA_BROKERS: `127.0.0.1:${this.kafka.port}`,
      DATABASE_URL: url.toString(),
      NODE_OPTIONS: `--require ${join(__dirname, 'stepped-clock.cjs')}`,
      SIGNALBOX_TEST_CLOCK_FILE: this.clockPath,
    };
  }

  /** The wall clock of its processes is `ms` ahead of (below 0: behind) the true one from now on. */
  stepClock(ms: number): void {
    writeFileSync(this.clockPath, String(ms));
  }

  heal(): void {
    for (const link of this.links) link.heal();
    this.stepClock(0);
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map((link) => link.close()));
  }

  private get links(): readonly Link[] {
    return [this.kafka, this.postgres];
  }
}
