// Which file may import which. Every rule says why it is there; tests/boundaries.int.spec.ts breaks each of them once
// on purpose and expects it to fire, and runs them over the repository.
//
//   apps -> agent-kit-nest -> agent-kit-{kafka,postgres} -> agent-kit -> {contracts, errors}
//
// `webhooks`, `outbound-http`, `config`, `observability` and `publisher` stand beside the kit.

/** Tests, and scripts that people run while they develop. */
const SPEC = '[.]spec[.]ts$|/test/|^packages/[^/]+/scripts/';
const source = (owner) => ({ path: `^${owner}/`, pathNot: SPEC });
const workspaces = '^(packages|apps|infra)/';

/** The source of `packages/<name>` may import, of all workspaces, only itself and `allowed`. */
const onlyOn = (name, allowed, comment) => ({
  name: `${name}-imports-only-${allowed.length > 0 ? 'its-layer' : 'itself'}`,
  comment,
  severity: 'error',
  from: source(`packages/${name}`),
  to: { path: workspaces, pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
});

/** Third-party packages by name, wherever they are installed. */
const modules = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

const layers = [
  onlyOn('errors', [], 'The bottom: everything may use it because it uses nothing.'),
  onlyOn(
    'contracts',
    ['errors'],
    'Event types are public interfaces: a service outside this repository can take them without our runtime.',
  ),
  onlyOn(
    'agent-kit',
    ['contracts', 'errors'],
    'The runtime knows Kafka and PostgreSQL through its ports only; otherwise its steps could not be tested in memory.',
  ),
  onlyOn(
    'agent-kit-kafka',
    ['agent-kit', 'contracts', 'errors'],
    'An adapter fulfils a port of the kit; were it to know another adapter, neither could be exchanged.',
  ),
  onlyOn(
    'agent-kit-postgres',
    ['agent-kit', 'contracts', 'errors'],
    'An adapter fulfils a port of the kit; were it to know another adapter, neither could be exchanged.',
  ),
  onlyOn(
    'agent-kit-nest',
    [
      'agent-kit',
      'agent-kit-kafka',
      'agent-kit-postgres',
      'contracts',
      'errors',
      'config',
      'observability',
      'webhooks',
    ],
    'The one place where kit, adapters, settings and Nest are put together.',
  ),
  onlyOn(
    'config',
    ['contracts', 'errors'],
    'Stands beside the kit: every app needs it, also those without the kit.',
  ),
  onlyOn(
    'observability',
    ['contracts', 'errors'],
    'Stands beside the kit: every app needs it, also those without it.',
  ),
  onlyOn(
    'webhooks',
    ['contracts', 'errors'],
    'Signing and verifying is also for senders that know nothing of agents.',
  ),
  onlyOn(
    'sources',
    ['contracts', 'errors', 'webhooks'],
    'What a source is, is known to the gateway and to the command line alike; neither may import the other.',
  ),
  onlyOn(
    'outbound-http',
    ['contracts', 'errors'],
    'The one way out is guarded in one place that depends on little.',
  ),
  onlyOn(
    'publisher',
    ['contracts', 'errors', 'agent-kit'],
    'For services that publish to Kafka directly: of the kit it takes the Kafka port and nothing else.',
  ),
];

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'no-app-imports-an-app',
      comment: 'Apps are processes of their own, owned by different teams. They meet in Kafka, by contract.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-package-imports-an-app',
      comment: 'An app is the top of the tree. What two places need belongs into a package.',
      severity: 'error',
      from: { path: '^(packages|infra)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'agents-only-decide',
      comment:
        'An agent app holds rules. Calls to the outside are requests to a connector; Kafka and SQL are the kit’s.',
      severity: 'error',
      from: source('apps/agent-[^/]+'),
      to: {
        path: workspaces,
        pathNot: '^apps/agent-|^packages/(agent-kit-nest|agent-kit|contracts|errors|config|observability)/',
      },
    },
    {
      name: 'only-the-gateway-produces-by-itself',
      comment:
        'Other apps publish through the outbox, in the transaction of their decision; by themselves they could lose or repeat.',
      severity: 'error',
      from: { path: '^apps/', pathNot: `^apps/gateway/|${SPEC}` },
      to: { path: '^packages/agent-kit-kafka/' },
    },
    {
      name: 'gateway-has-no-database',
      comment:
        'The gateway answers 202 once Kafka has the event; a database on that way would be one more thing that can be down.',
      severity: 'error',
      from: source('apps/gateway'),
      to: { path: '^packages/agent-kit-(postgres|nest)/' },
    },
    {
      name: 'decisions-import-no-io',
      comment:
        'A *.decide.ts file is a pure function of state, event and time; a rule is tested in a millisecond.',
      severity: 'error',
      from: { path: '[.]decide[.]ts$' },
      to: {
        path: [
          modules('@nestjs', 'pg', 'kafkajs', '@prisma', 'undici', 'nodemailer'),
          '^packages/(agent-kit-[^/]+|config|observability|outbound-http|webhooks|publisher)/',
          '[.](handlers|module)[.]ts$',
          '(^|/)main[.]ts$',
        ],
      },
    },
    {
      name: 'decisions-import-no-node-io',
      comment: 'As above, for what Node brings along.',
      severity: 'error',
      from: { path: '[.]decide[.]ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(util|url|assert)$' },
    },
    {
      name: 'no-deep-import',
      comment: 'What a package does not export is its own business and may change without notice.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|infra/local)/' },
      to: {
        path: '^(packages/[^/]+|infra/local)/',
        // What a package's `exports` name: its index, and the documents that contracts make of the catalogue.
        pathNot:
          '^$1/|^(packages/[^/]+|infra/local)/src/index[.]ts$|^packages/contracts/src/reference/index[.]ts$',
      },
    },
    {
      name: 'no-own-index-inside',
      comment: 'Inside a package import the file: going through the index makes cycles.',
      severity: 'error',
      from: { path: '^((?:packages|apps)/[^/]+|infra/local)/src/', pathNot: '/index[.]ts$|[.]spec[.]ts$' },
      to: { path: '^$1/src/index[.]ts$' },
    },
    {
      name: 'no-cycle',
      comment: 'Files that import each other cannot be read, tested or moved one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-packages-import-no-framework',
      comment:
        'contracts, errors, agent-kit and webhooks run anywhere and are tested without a framework, a broker or a database.',
      severity: 'error',
      from: { path: '^packages/(contracts|errors|agent-kit|webhooks)/', pathNot: SPEC },
      to: { path: modules('@nestjs', 'express', 'pg', 'kafkajs', '@prisma', 'undici') },
    },
    {
      name: 'pure-packages-import-no-node-io',
      comment: 'The same, for what Node brings along: no files, no sockets, no processes.',
      severity: 'error',
      from: { path: '^packages/(contracts|errors|agent-kit|webhooks)/', pathNot: SPEC },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|http|http2|https|tls|dns|dgram|child_process|cluster|worker_threads)(/|$)',
      },
    },
    {
      name: 'pg-only-in-its-adapter',
      comment:
        'One pool with one set of timeouts for each process; who needs SQL gets it from agent-kit-postgres.',
      severity: 'error',
      from: { path: workspaces, pathNot: '^packages/agent-kit-postgres/' },
      to: { path: modules('pg', 'pg-pool', '@types/pg') },
    },
    {
      name: 'kafkajs-only-in-its-adapter',
      comment:
        'kafkajs loses records when it is used as it offers itself (docs/adr/0001); the adapter holds the rules.',
      severity: 'error',
      from: { path: workspaces, pathNot: '^packages/agent-kit-kafka/' },
      to: { path: modules('kafkajs', 'kafkajs-snappy') },
    },
    {
      name: 'microservices-only-in-the-transport',
      comment:
        'Nest’s stock Kafka transport drops and repeats records; the own transport in agent-kit-nest replaces it.',
      severity: 'error',
      from: { path: workspaces, pathNot: '^packages/agent-kit-nest/' },
      to: { path: modules('@nestjs/microservices') },
    },
    {
      name: 'few-start-processes',
      comment:
        'Only the stack, the command line, the remediator (through its allow-list) and the sample supervisor (its one child) start other processes.',
      severity: 'error',
      from: {
        path: workspaces,
        pathNot: `^infra/local/|^packages/(cli|test-kit)/|^apps/(remediator|sample-payment-service/src/supervisor)/|${SPEC}`,
      },
      to: { dependencyTypes: ['core'], path: '^(node:)?(child_process|cluster)$' },
    },
    {
      name: 'test-code-stays-in-tests',
      comment: 'The test kit brings servers and clocks that can be set; a running app must not reach them.',
      severity: 'error',
      from: { path: workspaces, pathNot: `^packages/test-kit/|${SPEC}` },
      to: { path: ['^packages/test-kit/', '[.]spec[.]ts$'] },
    },
    {
      name: 'local-stack-only-where-it-is-run',
      comment:
        'Apps are told where Kafka and PostgreSQL are; that they may run on this machine is no business of theirs.',
      severity: 'error',
      from: { path: workspaces, pathNot: `^infra/local/|^packages/(cli|test-kit)/|${SPEC}` },
      to: { path: '^infra/local/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that is found on one machine only, or by luck.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    exclude: { path: '(^|/)(dist|generated|coverage)/' },
    doNotFollow: { path: 'node_modules' },
    // Type-only imports count as well: they couple just the same.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@signalbox/source', 'types', 'import', 'require', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
