import { rmSync, writeFileSync } from 'node:fs';
import { CertificateFiles, newPair, type Pair } from '../../test/support/certificate.js';
import { TlsFiles } from './tls-files.js';

let first: Pair;
let second: Pair;
let files: CertificateFiles;

beforeAll(async () => {
  [first, second] = await Promise.all([newPair(), newPair()]);
});

beforeEach(() => {
  files = new CertificateFiles();
  files.write(first);
});

afterEach(() => files.remove());

describe('TlsFiles', () => {
  it('notices that a file changed, until it is read', () => {
    const tls = new TlsFiles(files);
    expect(String(tls.read().cert)).toBe(first.cert);
    expect(tls.changed()).toBe(false);
    files.write({ cert: `${second.cert}\n`, key: second.key });
    expect(tls.changed()).toBe(true);
    expect(String(tls.read().key)).toBe(second.key);
    expect(tls.changed()).toBe(false);
  });

  it('refuses a certificate and a key that do not belong together, and looks again', () => {
    const tls = new TlsFiles(files);
    tls.read();
    writeFileSync(files.certificatePath, `${second.cert}\n`);
    expect(() => tls.read()).toThrow(expect.objectContaining({ code: 'config_invalid' }) as Error);
    expect(tls.changed()).toBe(true);
    writeFileSync(files.keyPath, second.key);
    expect(String(tls.read().key)).toBe(second.key);
  });

  it.each([
    ['no PEM', () => writeFileSync(files.keyPath, 'nonsense')],
    ['nothing', () => writeFileSync(files.certificatePath, '')],
    ['no file', () => rmSync(files.keyPath)],
  ])('refuses %s and names the files, never what is in them', (_, spoil) => {
    spoil();
    const act = () => new TlsFiles(files).read();
    expect(act).toThrow(files.certificatePath);
    expect(act).not.toThrow('nonsense');
  });
});
