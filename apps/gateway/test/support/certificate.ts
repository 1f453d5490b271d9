import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** A certificate for 127.0.0.1 and its key. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

export async function newPair(): Promise<Pair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: randomUUID() }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
}

/** PEM files of a certificate and its key in a folder of their own. */
export class CertificateFiles {
  private readonly dir = mkdtempSync(join(tmpdir(), 'signalbox-tls-'));
  readonly certificatePath = join(this.dir, 'certificate.pem');
  readonly keyPath = join(this.dir, 'key.pem');

  write({ cert, key }: Pick<Pair, 'cert' | 'key'>): void {
    writeFileSync(this.certificatePath, cert);
    writeFileSync(this.keyPath, key);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
