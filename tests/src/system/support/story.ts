import { inheritedEnvironment } from '@signalbox/config';
import { repositoryDir, sourceFlags } from '@signalbox/local-stack';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface StoryNode {
  readonly kind: 'webhook' | 'event' | 'decision';
  readonly event_type?: string;
  readonly verdict?: string;
  readonly children: readonly StoryNode[];
}

export interface ToldStory {
  /** Every node of the tree, causes before what they caused. */
  readonly nodes: readonly StoryNode[];
  readonly text: string;
}

const main = join(repositoryDir, 'packages', 'cli', 'src', 'run.ts');

/** What `signalbox story <id> --json` says, run as a process of its own. */
export async function tellStory(
  environment: Readonly<Record<string, string>>,
  id: string,
): Promise<ToldStory> {
  const env = inheritedEnvironment({ NODE_OPTIONS: undefined, NODE_ENV: undefined, ...environment });
  const args = [...sourceFlags, main, 'story', id, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repositoryDir, env });
  const { tree } = JSON.parse(stdout) as { tree: StoryNode[] };
  return { nodes: tree.flatMap(withChildren), text: stdout };
}

const withChildren = (node: StoryNode): StoryNode[] => [node, ...node.children.flatMap(withChildren)];
