import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '@signalbox/errors';
import { sign } from '@signalbox/webhooks';
import { webhookCodes } from '../src/reference/openapi-answers.js';
import { fixture, shippedSources, testSecret } from './support/sources.js';

const folder = join(__dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

describe('README', () => {
  it.each(shippedSources().map((source) => [source.name, source] as const))(
    'lists the source %s',
    (_, source) => {
      const row = readme.split('\n').find((line) => line.includes(`\`POST ${source.path}\``));
      expect(row).toContain(`\`${source.name}\``);
      if (source.contracts.size < 10)
        for (const type of source.contracts.keys()) expect(row).toContain(`\`${type}\``);
    },
  );

  it('lists every setting of the gateway', () => {
    const source = readFileSync(join(folder, 'src', 'settings', 'settings.ts'), 'utf8');
    const names = new Set(source.match(/(?:GATEWAY_|SOURCE|CONTROL_)[A-Z_]+/g));
    expect(names.size).toBeGreaterThan(4);
    for (const name of names) expect(readme).toContain(`\`${name}\``);
  });

  it('gives each refusal the status it has', () => {
    const rows = readme.split('\n').filter((line) => /^\| \d{3}/.test(line));
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) {
      const [, statuses = '', codes = ''] = row.split('|');
      for (const [, code = ''] of codes.matchAll(/`(\w+)`/g)) {
        const info: { http?: number } | undefined = errorCodes[code as keyof typeof errorCodes];
        expect(statuses).toContain(String(info?.http));
      }
    }
  });

  it('names every code a webhook can be refused with, and no other', () => {
    const rows = readme.split('\n').filter((line) => /^\| \d{3}/.test(line));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, code]) => code),
    );
    expect(named.sort()).toEqual([...webhookCodes].sort());
  });

  it('signs in the shell as the gateway verifies', () => {
    const [, block = ''] = /```sh\n([^]*?)```/.exec(readme) ?? [];
    const lines = block.split('\n').filter((line) => /^(body|signature)=/.test(line));
    expect(lines).toHaveLength(2);
    const script = [...lines, 'printf "sha256=%s" "$signature"'].join('\n');
    const made = execFileSync('sh', ['-c', script], {
      cwd: folder,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', WEBHOOK_SECRET: testSecret },
    });
    const rawBody = fixture('service_down.json');
    expect(made.toString('utf8')).toBe(sign({ rawBody, secret: testSecret })['x-webhook-signature']);
  });
});
