import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { findJava } from './java.js';

describe('Java', () => {
  const dir = temporaryDir('java');
  afterAll(removeTemporaryDirs);

  it('that is missing is answered with both ways on', async () => {
    await expect(findJava({ PATH: dir })).rejects.toMatchObject({
      code: 'stack_unavailable',
      action: expect.stringMatching(/install a Java runtime.*Maven.*docker compose.*KAFKA_BROKERS/),
    });
  });

  it('that is too old is refused with its version', async () => {
    const path = join(dir, 'java');
    writeFileSync(path, '#!/bin/sh\necho \'openjdk version "11.0.2" 2019-01-15\' >&2\n');
    chmodSync(path, 0o755);
    await expect(findJava({ PATH: dir })).rejects.toMatchObject({
      code: 'stack_unavailable',
      message: expect.stringContaining('Java 11.0.2'),
    });
  });

  it('of this machine is found', async () => {
    const java = await findJava();
    expect(Number.parseInt(java.version, 10)).toBeGreaterThanOrEqual(17);
  });
});
