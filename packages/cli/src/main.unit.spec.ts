import { main } from './main.js';

async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await main(args, new AbortController().signal, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { code, ...written };
}

describe('the command line', () => {
  it('lists every command', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const command of [
      'up',
      'down',
      'status',
      'logs',
      'dev',
      'topics',
      'send',
      'publish',
      'tail',
      'story',
      'mail',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
  });

  it.each([
    [['nothing']],
    [['logs']],
    [['up', '--no-such-option']],
    [['logs', 'gateway', '--lines', 'many']],
  ])('refuses %j as wrong usage', async (args) => {
    const { code, stderr, stdout } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
    expect(stdout).toBe('');
  });

  it('refuses an unknown app with the known ones', async () => {
    const { code, stderr } = await run('logs', 'nothing');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error not_found: There is no log of nothing\.\n {2}what to do: Known are: gateway, /,
    );
  });

  it('takes --json before and after the command', async () => {
    for (const args of [
      ['--json', 'logs', 'nothing'],
      ['logs', 'nothing', '--json'],
    ]) {
      const { stderr } = await run(...args);
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_found' } });
    }
  });
});
