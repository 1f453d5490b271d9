import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findJava,
  freePort,
  kafkaClassPath,
  localDatabaseUrl,
  startKafka,
  startPostgres,
  storeDirs,
  type ManagedProcess,
} from '@signalbox/local-stack';
import { generate } from 'selfsigned';

export const user = { username: 'signalbox-app', password: 'only "for" tests' };

/** Kafka with SASL over TLS and PostgreSQL with TLS, under an authority that no system trusts by itself. */
export interface SecuredStores {
  readonly broker: string;
  /** Ends with `?sslmode=verify-full&sslrootcert=…`. */
  readonly databaseUrl: string;
  /** The same server without the authority's file. */
  readonly databaseUrlWithoutAuthority: string;
  /** PEM file of the authority. */
  readonly authorityPath: string;
  stop(): Promise<void>;
}

/** Starts both on free ports in a folder of their own, and makes the user for PLAIN and both kinds of SCRAM. */
export async function startSecuredStores(): Promise<SecuredStores> {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-secured-'));
  chmodSync(dir, 0o755);
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const authorityPath = join(dir, 'authority.pem');
  writeFileSync(authorityPath, cert);
  const [kafka, postgres] = await Promise.all([
    securedKafka(dir, cert, key),
    securedPostgres(dir, cert, key),
  ]);
  return {
    broker: kafka.broker,
    databaseUrl: `${postgres.url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(authorityPath)}`,
    databaseUrlWithoutAuthority: `${postgres.url}?sslmode=verify-full`,
    authorityPath,
    stop: async () => {
      await Promise.all([kafka.process.stop(10_000), postgres.process.stop(10_000)]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function securedKafka(
  dir: string,
  cert: string,
  key: string,
): Promise<{ broker: string; process: ManagedProcess }> {
  const [port, controllerPort, securePort] = await Promise.all([freePort(), freePort(), freePort()]);
  const [plain, controller, secure] = [port, controllerPort, securePort].map((one) => `127.0.0.1:${one}`);
  const password = user.password.replaceAll('"', '\\\\"');
  const process = await startKafka({
    dirs: storeDirs(join(dir, 'kafka')),
    port,
    controllerPort,
    properties: {
      listeners: `PLAINTEXT://${plain},CONTROLLER://${controller},SECURE://${secure}`,
      'advertised.listeners': `PLAINTEXT://${plain},SECURE://${secure}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': cert.replaceAll(/\r?\n/g, '\\n'),
      'ssl.keystore.key': key.replaceAll(/\r?\n/g, '\\n'),
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'listener.name.secure.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user.username}="${password}";`,
      'listener.name.secure.scram-sha-256.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.secure.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    },
  });
  await addScramUser(`127.0.0.1:${port}`);
  return { broker: `127.0.0.1:${securePort}`, process };
}

async function addScramUser(broker: string): Promise<void> {
  const java = await findJava();
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    const change = ['--alter', '--add-config', `${mechanism}=[password=${user.password}]`];
    const entity = ['--entity-type', 'users', '--entity-name', user.username];
    execFileSync(
      java.path,
      [
        '-cp',
        kafkaClassPath,
        'kafka.admin.ConfigCommand',
        '--bootstrap-server',
        broker,
        ...change,
        ...entity,
      ],
      { stdio: 'pipe', timeout: 120_000 },
    );
  }
}

async function securedPostgres(
  dir: string,
  cert: string,
  key: string,
): Promise<{ url: string; process: ManagedProcess }> {
  const port = await freePort();
  const dirs = storeDirs(join(dir, 'postgres'));
  mkdirSync(dirs.runDir, { recursive: true });
  await (await startPostgres({ dirs, port })).stop(60_000);
  const { uid, gid } = statSync(dirs.postgresDir);
  for (const [name, text] of [
    ['server.crt', cert],
    ['server.key', key],
  ] as const) {
    const path = join(dirs.postgresDir, name);
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, uid, gid);
  }
  const process = await startPostgres({ dirs, port, settings: { ssl: 'on' } });
  return { url: localDatabaseUrl(port), process };
}
