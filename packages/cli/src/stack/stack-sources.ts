import { join } from 'node:path';
import { loadSettings } from '@signalbox/config';
import { localState, repositoryDir } from '@signalbox/local-stack';
import { readRecords, type Source } from '@signalbox/sources';
import { z } from 'zod';

const schema = z.object({ SOURCES_DIR: z.string().optional(), SOURCE_SECRETS_DIR: z.string().optional() });

export interface SourceDirs {
  /** Folder of the records. */
  readonly sourcesDir: string;
  /** Folder of the files they name as secrets. */
  readonly secretsDir: string;
}

/** Where the installation's sources are: as the environment says, else where the local stack has them. */
export function sourceDirs(): SourceDirs {
  const { SOURCES_DIR: sourcesDir, SOURCE_SECRETS_DIR: secretsDir } = loadSettings(schema);
  return {
    sourcesDir: sourcesDir ?? join(repositoryDir, 'infra', 'sources'),
    secretsDir: secretsDir ?? join(localState().dataDir, 'secrets'),
  };
}

/** The sources whose records can be read. */
export const stackSources = (): Source[] =>
  readRecords(sourceDirs().sourcesDir).flatMap((record) => ('source' in record ? [record.source] : []));
