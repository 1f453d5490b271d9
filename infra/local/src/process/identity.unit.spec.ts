import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLine, identifyProcess, isRunning } from './identity.js';

describe('the identity of a process', () => {
  it('stays the same for as long as the process runs', () => {
    const first = identifyProcess(process.pid);
    expect(first).toEqual({ pid: process.pid, started: expect.any(String) });
    expect(identifyProcess(process.pid)).toEqual(first);
    expect(isRunning(first!)).toBe(true);
  });

  it('is not that of a later process with the same id', () => {
    const stale = { pid: process.pid, started: 'ticks 1' };
    expect(isRunning(stale)).toBe(false);
  });

  it('is gone when the process has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid!)!;
    expect(isRunning(identity)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
    expect(identifyProcess(child.pid!)).toBeUndefined();
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31])('does not exist for %p', (pid) => {
    expect(identifyProcess(pid)).toBeUndefined();
  });

  it('comes with a command line for messages', () => {
    expect(commandLine(process.pid)).toContain('node');
    expect(commandLine(2 ** 31)).toBeUndefined();
  });
});
