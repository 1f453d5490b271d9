import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BoundaryFixture, cruise, type ImportCase, type Violation } from '../support/boundary-fixture.js';
import { root } from '../support/repository.js';

const breaking: readonly ImportCase[] = [
  {
    from: 'packages/errors/src/a.ts',
    imports: "import '@signalbox/contracts';",
    breaks: 'errors-imports-only-itself',
  },
  {
    from: 'packages/contracts/src/a.ts',
    imports: "import type { inner } from '@signalbox/agent-kit';",
    breaks: 'contracts-imports-only-its-layer',
  },
  {
    from: 'packages/agent-kit/src/a.ts',
    imports: "import '@signalbox/agent-kit-kafka';",
    breaks: 'agent-kit-imports-only-its-layer',
  },
  {
    from: 'packages/agent-kit-kafka/src/a.ts',
    imports: "import '@signalbox/agent-kit-postgres';",
    breaks: 'agent-kit-kafka-imports-only-its-layer',
  },
  {
    from: 'packages/agent-kit-postgres/src/a.ts',
    imports: "import '@signalbox/agent-kit-nest';",
    breaks: 'agent-kit-postgres-imports-only-its-layer',
  },
  {
    from: 'packages/agent-kit-nest/src/a.ts',
    imports: "import '@signalbox/outbound-http';",
    breaks: 'agent-kit-nest-imports-only-its-layer',
  },
  {
    from: 'packages/config/src/a.ts',
    imports: "import '@signalbox/agent-kit';",
    breaks: 'config-imports-only-its-layer',
  },
  {
    from: 'packages/observability/src/a.ts',
    imports: "import '@signalbox/config';",
    breaks: 'observability-imports-only-its-layer',
  },
  {
    from: 'packages/webhooks/src/a.ts',
    imports: "import '@signalbox/config';",
    breaks: 'webhooks-imports-only-its-layer',
  },
  {
    from: 'packages/sources/src/a.ts',
    imports: "import '@signalbox/config';",
    breaks: 'sources-imports-only-its-layer',
  },
  {
    from: 'packages/outbound-http/src/a.ts',
    imports: "import '@signalbox/observability';",
    breaks: 'outbound-http-imports-only-its-layer',
  },
  {
    from: 'packages/publisher/src/a.ts',
    imports: "import '@signalbox/agent-kit-kafka';",
    breaks: 'publisher-imports-only-its-layer',
  },
  {
    from: 'apps/notifier/src/a.ts',
    imports: "import '../../agent-ops/src/main.js';",
    breaks: 'no-app-imports-an-app',
  },
  {
    from: 'packages/cli/src/a.ts',
    imports: "import '../../../apps/gateway/src/main.js';",
    breaks: 'no-package-imports-an-app',
  },
  {
    from: 'apps/agent-ops/src/a.ts',
    imports: "import '@signalbox/outbound-http';",
    breaks: 'agents-only-decide',
  },
  {
    from: 'apps/notifier/src/a.ts',
    imports: "import '@signalbox/agent-kit-kafka';",
    breaks: 'only-the-gateway-produces-by-itself',
  },
  {
    from: 'apps/gateway/src/a.ts',
    imports: "import '@signalbox/agent-kit-postgres';",
    breaks: 'gateway-has-no-database',
  },
  {
    from: 'apps/agent-ops/src/ops.decide.ts',
    imports: "import '@nestjs/common';",
    breaks: 'decisions-import-no-io',
  },
  {
    from: 'apps/agent-ops/src/ops.decide.ts',
    imports: "import { randomUUID } from 'node:crypto';",
    breaks: 'decisions-import-no-node-io',
  },
  {
    from: 'apps/notifier/src/a.ts',
    imports: "import '../../../packages/config/src/inner.js';",
    breaks: 'no-deep-import',
  },
  { from: 'packages/cli/src/a.ts', imports: "import './index.js';", breaks: 'no-own-index-inside' },
  {
    from: 'packages/webhooks/src/a.ts',
    imports: "import 'express';",
    breaks: 'pure-packages-import-no-framework',
  },
  {
    from: 'packages/contracts/src/a.ts',
    imports: "import { readFileSync } from 'node:fs';",
    breaks: 'pure-packages-import-no-node-io',
  },
  {
    from: 'apps/notifier/src/a.spec.ts',
    imports: "import type { Pool } from 'pg';",
    breaks: 'pg-only-in-its-adapter',
  },
  {
    from: 'packages/test-kit/src/a.ts',
    imports: "import { Kafka } from 'kafkajs';",
    breaks: 'kafkajs-only-in-its-adapter',
  },
  {
    from: 'apps/gateway/src/a.ts',
    imports: "import '@nestjs/microservices';",
    breaks: 'microservices-only-in-the-transport',
  },
  {
    from: 'apps/notifier/src/a.ts',
    imports: "import { spawn } from 'node:child_process';",
    breaks: 'few-start-processes',
  },
  {
    from: 'apps/notifier/src/a.ts',
    imports: "import '@signalbox/test-kit';",
    breaks: 'test-code-stays-in-tests',
  },
  {
    from: 'apps/gateway/src/a.ts',
    imports: "import '@signalbox/local-stack';",
    breaks: 'local-stack-only-where-it-is-run',
  },
  { from: 'packages/cli/src/a.ts', imports: "import './nowhere.js';", breaks: 'no-unresolvable' },
];

const allowed: readonly ImportCase[] = [
  { from: 'packages/contracts/src/a.ts', imports: "import '@signalbox/errors';" },
  { from: 'packages/agent-kit-kafka/src/a.ts', imports: "import '@signalbox/agent-kit'; import 'kafkajs';" },
  { from: 'packages/agent-kit-postgres/src/a.ts', imports: "import '@signalbox/agent-kit'; import 'pg';" },
  { from: 'packages/agent-kit-nest/src/a.ts', imports: "import '@signalbox/agent-kit-kafka';" },
  { from: 'packages/publisher/src/a.ts', imports: "import '@signalbox/agent-kit';" },
  { from: 'packages/contracts/src/a.spec.ts', imports: "import { readFileSync } from 'node:fs';" },
  { from: 'packages/agent-kit-postgres/src/a.int.spec.ts', imports: "import '@signalbox/local-stack';" },
  {
    from: 'packages/cli/src/a.ts',
    imports: "import '@signalbox/local-stack'; import '@signalbox/agent-kit-kafka';",
  },
  {
    from: 'apps/agent-ops/src/a.ts',
    imports: "import '@signalbox/agent-kit-nest'; import '@nestjs/common';",
  },
  {
    from: 'apps/agent-ops/src/ops.decide.ts',
    imports: "import '@signalbox/agent-kit'; import '@signalbox/contracts';",
  },
  {
    from: 'apps/gateway/src/a.ts',
    imports: "import '@signalbox/agent-kit-kafka'; import '@signalbox/webhooks';",
  },
  { from: 'apps/notifier/src/a.ts', imports: "import '@signalbox/agent-kit-postgres';" },
];

const { forbidden } = createRequire(__filename)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: readonly { readonly name: string; readonly comment?: string }[];
};

describe('the rules of the dependency direction', () => {
  const fixture = new BoundaryFixture();
  const broken = fixture.writeCases(breaking);
  const kept = fixture.writeCases(
    allowed.map((one) => ({ ...one, from: one.from.replace('/src/', '/src/kept/') })),
  );
  let violations: Violation[];

  beforeAll(async () => {
    fixture.write('packages/errors/src/cycle-a.ts', "import './cycle-b.js';\nexport {};\n");
    fixture.write('packages/errors/src/cycle-b.ts', "import './cycle-a.js';\nexport {};\n");
    violations = await fixture.violations();
  });
  afterAll(() => fixture.remove());

  it.each(broken)('$breaks fires on `$imports` in $from', ({ file, breaks }) => {
    expect(violations.filter(({ from }) => from === file).map(({ rule }) => rule)).toContain(breaks);
  });

  it('no-cycle fires on two files that import each other', () => {
    expect(violations).toContainEqual(
      expect.objectContaining({ rule: 'no-cycle', from: 'packages/errors/src/cycle-a.ts' }),
    );
  });

  it.each(kept)('nothing objects to `$imports` in $from', ({ file }) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([]);
  });

  it('are all broken above, and each gives its reason', () => {
    const names = forbidden.map(({ name }) => name);
    expect([...broken.map(({ breaks }) => breaks), 'no-cycle'].sort()).toEqual([...names].sort());
    expect(forbidden.filter(({ comment }) => !comment)).toEqual([]);
  });
});

describe('the repository', () => {
  it('keeps every rule of the dependency direction', async () => {
    expect(await cruise(root, ['packages', 'apps', 'infra/local'])).toEqual([]);
  });
});
