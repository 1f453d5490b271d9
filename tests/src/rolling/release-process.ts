import { repositoryDir } from '@signalbox/local-stack';
import { join } from 'node:path';
import { AppProcess } from '../system/support/app-process.js';

/** A release of an agent of these tests as a process of its own, started and a member of its group. */
export async function startRelease(
  name: 'old-meter' | 'new-meter' | 'old-listener' | 'new-listener',
  environment: Readonly<Record<string, string>>,
): Promise<AppProcess> {
  const main = join(repositoryDir, 'tests', 'src', 'rolling', 'processes', `${name}.ts`);
  const started = await AppProcess.start(name, environment, main);
  await started.ready();
  return started;
}
