// Loaded before an app (`--require`): shifts the wall clock of that process by the milliseconds in a file, which may change
// while it runs, as when somebody sets the machine's clock. What counts from a fixed start (performance.now, timers) goes on.
const { readFileSync } = require('node:fs');

const path = process.env.SIGNALBOX_TEST_CLOCK_FILE;
const lookEveryMs = 100;
const RealDate = Date;
let offsetMs = 0;

function look() {
  try {
    offsetMs = Number(readFileSync(path, 'utf8')) || 0;
  } catch {
    // Not written yet: no shift.
  }
}

const now = () => RealDate.now() + offsetMs;
const SteppedDate = new Proxy(RealDate, {
  construct: (target, parts, newTarget) =>
    Reflect.construct(target, parts.length > 0 ? parts : [now()], newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : target[name]),
});

if (path) {
  look();
  setInterval(look, lookEveryMs).unref();
  globalThis.Date = SteppedDate;
}
