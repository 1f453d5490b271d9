// The twelve ways to get it wrong. Each is a change of our own code that a named test must catch for the stated reason.

/** The simulation of two processes; what it says of a seed names the broken promise. */
const simulation = {
  workspace: 'tests',
  file: 'src/simulation/simulation.unit.spec.ts',
  test: 'keeps every promise under crashes, zombies, lost answers and rebalances',
};
const store = (test) => ({
  workspace: 'packages/agent-kit-postgres',
  file: 'src/postgres-store.int.spec.ts',
  test,
});

/** A lost output, effect or dead letter, as the simulation tells of it. */
const lost = /SEED \d+ broke[^]*(found|not drained)/;

export const mutants = [
  {
    name: 'acknowledge before send',
    file: 'packages/agent-kit/src/outbox/lane.ts',
    changes: [
      {
        find: `        await this.send(batch.map(({ row }) => row));
        for (const { settle } of batch) settle?.done();`,
        replace: `        for (const { settle } of batch) settle?.done();
        await this.send(batch.map(({ row }) => row));`,
      },
    ],
    caughtBy: simulation,
    reason: lost,
    why: 'an outbox row is deleted that the broker never took',
  },
  {
    name: 'commit before the database',
    file: 'packages/agent-kit/src/chunk/run-chunk.ts',
    changes: [
      {
        find: '  const tx = await store.begin();',
        replace: `  const ahead = await store.begin();
  await ahead.fence({ ...input.partition, epoch: input.epoch, expectedOffset: input.from, nextOffset: input.next });
  await ahead.commit();
  input = { ...input, from: input.next };
  const tx = await store.begin();`,
      },
    ],
    caughtBy: simulation,
    reason: lost,
    why: 'progress moves past events whose transaction then fails',
  },
  {
    name: 'dedupe in memory',
    file: 'packages/agent-kit/src/chunk/inbox.step.ts',
    changes: [
      {
        find: 'const verdicts = rows.length > 0 ? await run.tx.takeResponsibility(rows) : [];',
        replace: `const known = (seen[context.instance] ??= new Set());
  const verdicts = rows.map(({ identity }) => {
    const id = identity.toString('hex');
    if (known.has(id)) return 'duplicate';
    known.add(id);
    return 'taken';
  });`,
      },
      { find: '/** Takes responsibility', replace: 'const seen = {};\n/** Takes responsibility' },
    ],
    caughtBy: simulation,
    reason: /SEED \d+ broke[^]*(order of|tally|duplicate key value|not drained)/,
    why: 'a repeat that another process reads is handled again; a chunk that is tried again is taken for a repeat',
  },
  {
    name: 'inbox in another transaction',
    file: 'packages/agent-kit/src/chunk/run-chunk.ts',
    changes: [
      {
        find: '    await open(run, context);',
        replace: `    const other = await store.begin();
    const elsewhere = async (rows) => {
      const verdicts = await other.takeResponsibility(rows);
      await other.commit();
      return verdicts;
    };
    run.tx = new Proxy(tx, {
      get: (all, name) => (name === 'takeResponsibility' ? elsewhere : Reflect.get(all, name)),
    });
    await open(run, context);
    run.tx = tx;`,
      },
    ],
    caughtBy: simulation,
    reason: lost,
    why: 'the event counts as taken although its transaction was undone',
  },
  {
    name: 'progress not fenced',
    file: 'packages/agent-kit-postgres/src/sql/progress.sql.ts',
    changes: [
      {
        find: 'WHERE topic = $1 AND partition = $2 AND epoch = $3 AND next_offset = $4\n  RETURNING 1)',
        replace:
          'WHERE topic = $1 AND partition = $2 AND $3::bigint IS NOT NULL AND $4::bigint IS NOT NULL\n  RETURNING 1)',
      },
    ],
    caughtBy: store('fence the owner before: its next chunk is refused'),
    reason: /toBeUndefined/,
    why: 'a chunk of the owner before moves the progress',
  },
  {
    name: 'retry counter in memory',
    file: 'packages/agent-kit/src/pending/work-row.ts',
    changes: [
      {
        find: '  if (row.starts > STARTS_MAX) return endProcessKiller(row, work);\n',
        replace: `  if (row.starts > STARTS_MAX) return endProcessKiller(row, work);
  const counter = \`\${ports.context.instance} \${row.id}\`;
  row = { ...row, attempts: counts.get(counter) ?? (row.kind === 'retry' ? 1 : 0) };
  counts.set(counter, row.attempts + 1);
`,
      },
      {
        find: '/** Handles one row;',
        replace: 'const counts = new Map<string, number>();\n/** Handles one row;',
      },
    ],
    caughtBy: simulation,
    reason: /attempts not counted|died after \d+ attempts/,
    why: 'another process begins to count anew',
  },
  {
    name: 'dead letter not awaited',
    file: 'packages/agent-kit/src/pending/work-row.ts',
    changes: [
      {
        find: '  addDeadLetter(effects, ports.context.agent, { ...failed, ...story }, thrown);',
        replace: `  const aside = { events: [], timers: [], pending: [], deadLetters: [], activity: [] } as typeof effects;
  addDeadLetter(aside, ports.context.agent, { ...failed, ...story }, thrown);
  effects.events.push(...aside.events);
  effects.activity.push(...aside.activity);
  const none = { origin: null, keys: [], pending: [], timers: [], outbox: [], acknowledged: [] };
  void (async () => {
    const own = await ports.store.begin();
    const { chunk } = await own.openChunk();
    await own.write({ ...none, chunk, deadLetters: aside.deadLetters });
    await own.commit();
  })().catch(() => undefined);`,
      },
    ],
    caughtBy: simulation,
    reason: /dead letters: found/,
    why: 'the work is ended and its dead letter is lost, or the letter stays of work that goes on',
  },
  {
    name: 'timer fired outside the transaction',
    file: 'packages/agent-kit/src/pending/row-transaction.ts',
    changes: [
      {
        find: '  const tx = await store.begin();\n  const effects',
        replace: `  const firing = rows.filter((row) => row.kind === 'timer' && !row.isQueued);
  let gone: ReadonlySet<bigint> = new Set();
  if (firing.length > 0) {
    const own = await store.begin();
    gone = await own.takePending(firing.map(({ lease }) => lease));
    await own.settlePending({ ...new Settlement(), ended: [...gone] });
    await own.commit();
  }
  const tx = await store.begin();
  const effects`,
      },
      {
        find: 'free.filter(({ id }) => held.has(id))',
        replace: 'free.filter(({ id }) => held.has(id) || gone.has(id))',
      },
    ],
    caughtBy: simulation,
    reason: /timers: found|ghosts of/,
    why: 'the timer is gone and its firing undone, or a cancel and the firing both win',
  },
  {
    name: 'auto-resolve on',
    file: 'packages/agent-kit-kafka/src/consumer/session.ts',
    changes: [{ find: 'eachBatchAutoResolve: false', replace: 'eachBatchAutoResolve: true' }],
    caughtBy: {
      workspace: 'packages/agent-kit-kafka',
      file: 'src/consumer/left-early.int.spec.ts',
      test: 'is fetched again from its start: the position never runs ahead of what was delivered',
    },
    reason: /was asked from \d+, 0 was next/,
    why: 'the rest of a batch that was left early is skipped',
  },
  {
    name: 'sweeper out of order',
    file: 'packages/agent-kit/src/runner/claim-partition.ts',
    changes: [
      {
        find: '    rows.map(({ id, topic, partition, encoded }) => ({',
        replace: '    [...rows].reverse().map(({ id, topic, partition, encoded }) => ({',
      },
    ],
    caughtBy: simulation,
    reason: /SEED \d+ broke[^]*(sim\.\w+ of|order of|firings)/,
    why: 'later records of a key go out first',
  },
  {
    name: 'missing key row not locked',
    file: 'packages/agent-kit-postgres/src/sql/keys.sql.ts',
    changes: [
      { find: 'ORDER BY w.kind, w.value`;', replace: 'ORDER BY w.kind, w.value ON CONFLICT DO NOTHING`;' },
    ],
    caughtBy: {
      workspace: 'packages/agent-kit-postgres',
      file: 'src/new-keys.int.spec.ts',
      test: 'reject the second of two transactions that make the same one, once the first has committed',
    },
    reason: /KeyMadeMeanwhileError[^]*Received[^]*"written"/,
    why: 'two transactions decide on a new key at once',
  },
  {
    name: 'blocked flag read before the lock',
    file: 'packages/agent-kit/src/chunk/lock.step.ts',
    changes: [
      {
        find: "  const rows = keys.length > 0 ? await run.tx.lockKeys(keys, 'make-later') : [];",
        replace: `  const before = keys.length > 0 ? await run.tx.readKeys(keys) : [];
  const locked_ = keys.length > 0 ? await run.tx.lockKeys(keys, 'make-later') : [];
  const rows = locked_.map((row) => ({
    ...row,
    blocked: before.some((old) => keyId(old) === keyId(row) && old.blocked),
  }));`,
      },
    ],
    caughtBy: simulation,
    reason: /SEED \d+ broke[^]*(order of|not drained)/,
    why: 'an event runs past those parked before it, or is parked behind a key that is free',
  },
];
