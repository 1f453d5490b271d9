// Node's environment for tests, and after each spec file a look at what the file left open: a consumer, a pool, a server,
// a process or a timer that outlives its file fails the file. See CONTRIBUTING.md, Tests.
const { TestEnvironment } = require('jest-environment-node');

/** Goodbyes of Kafka and PostgreSQL are answered within milliseconds; the machine may be busy. */
const goodbyeMsMax = 10_000;
const lookEveryMs = 20;

const standard = new Set([0, 1, 2]);
const descriptor = (handle) => handle.fd ?? handle._handle?.fd;

/** What keeps this process alive, apart from its standard streams and jest's own channel. */
const handlesNow = () =>
  process
    ._getActiveHandles()
    .filter((handle) => !standard.has(descriptor(handle)) && handle !== process.channel && !handle.destroyed);

/** In the process of the command itself jest has one timer all the time; in a worker it has none. */
const timersOfJest = process.send ? 0 : 1;
const timersNow = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length - timersOfJest;

/** One line a person can act on. */
function nameOf(handle) {
  const kind = handle.constructor?.name ?? 'handle';
  if (handle.spawnargs) return `process ${handle.pid}: ${handle.spawnargs.join(' ').slice(0, 200)}`;
  if (typeof handle.address === 'function' && handle.listening)
    return `server on port ${handle.address()?.port}`;
  if (handle.remotePort) return `connection to ${handle.remoteAddress}:${handle.remotePort}`;
  return kind;
}

class LeakCheckingEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.handlesBefore = new Set(handlesNow());
  }

  /** After the last hook of the file, while its modules can still be loaded. */
  async handleTestEvent(event, state) {
    if (event.name !== 'run_finish') return;
    const untilMs = Date.now() + goodbyeMsMax;
    while (this.left().length > 0 && Date.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs).unref());
    const left = this.left();
    if (left.length === 0) return;
    const lines = left.map((line) => `  - ${line}`).join('\n');
    const error = new Error(`This file left open:\n${lines}\nClose it in afterEach or afterAll.`);
    error.stack = error.message; // where it was found says nothing
    // Beside the failures of its tests, which may be why.
    state.unhandledErrors.push(error);
  }

  left() {
    const handles = handlesNow().filter((handle) => !this.handlesBefore.has(handle));
    const timers = timersNow();
    return [...handles.map(nameOf), ...(timers > 0 ? [`${timers} timer(s)`] : [])];
  }
}

module.exports = LeakCheckingEnvironment;
