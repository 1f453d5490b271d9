import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './repository.js';

/** One import in one file: what it says and whether a rule must object. */
export interface ImportCase {
  /** The file that imports, relative to the root of the repository. */
  readonly from: string;
  readonly imports: string;
  /** Name of the rule that must fire; left out: none may. */
  readonly breaks?: string;
}

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

const kitPackages = ['agent-kit', 'agent-kit-kafka', 'agent-kit-postgres', 'agent-kit-nest'];
const packages = [
  ...[
    'errors',
    'contracts',
    'config',
    'observability',
    'webhooks',
    'sources',
    'outbound-http',
    'publisher',
    'test-kit',
    'cli',
  ],
  ...kitPackages,
];
const thirdParty = ['pg', 'kafkajs', 'express', '@nestjs/common', '@nestjs/microservices'];

/** A small repository of the same shape as ours, in a temporary folder, where imports can be wrong. */
export class BoundaryFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'signalbox-boundaries-'));

  constructor() {
    for (const name of packages) this.addWorkspace(`packages/${name}`, `@signalbox/${name}`);
    this.addWorkspace('infra/local', '@signalbox/local-stack');
    for (const name of thirdParty) this.addThirdParty(name);
    for (const app of ['gateway', 'notifier', 'agent-ops', 'agent-welcome'])
      this.write(`apps/${app}/src/main.ts`, '');
  }

  write(path: string, text: string): void {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Writes one file for each case, so that a violation names its case; returns the cases with their file. */
  writeCases(cases: readonly ImportCase[]): (ImportCase & { readonly file: string })[] {
    return cases.map((one, index) => {
      const file = one.from.replace(/([.][^/]*)$/, `-case${index}$1`);
      this.write(file, `${one.imports}\nexport {};\n`);
      return { ...one, file };
    });
  }

  async violations(): Promise<Violation[]> {
    return cruise(this.folder, ['packages', 'apps', 'infra']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private addWorkspace(folder: string, name: string): void {
    const exports = { '.': { '@signalbox/source': './src/index.ts', default: './dist/index.js' } };
    this.write(`${folder}/package.json`, JSON.stringify({ name, version: '0.0.0', exports }));
    this.write(`${folder}/src/index.ts`, "export * from './inner.js';\n");
    this.write(`${folder}/src/inner.ts`, 'export const inner = 1;\n');
    const link = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(this.folder, folder), link);
  }

  private addThirdParty(name: string): void {
    this.write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '0.0.0', main: 'index.js' }),
    );
    this.write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
}

interface CruiseReport {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Runs the repository's own rules over folders of `cwd`; throws when nothing was read. */
export async function cruise(cwd: string, folders: readonly string[]): Promise<Violation[]> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 1 << 27 });
  const { summary } = JSON.parse(stdout) as CruiseReport;
  if (summary.totalCruised === 0) throw new Error(`dependency-cruiser read no file in ${cwd}`);
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}
