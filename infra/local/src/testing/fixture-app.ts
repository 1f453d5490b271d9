import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { AppDefinition } from '../apps/app-list.js';
import { repositoryDir } from '../paths.js';

/** Ready at once; tells a few variables; notes its end, to see the order in which things stop. */
const source = `
const { createServer } = require('node:http');
const { appendFileSync } = require('node:fs');
const { PORT, HOST, KAFKA_BROKERS, DATABASE_URL, NOTES } = process.env;
const server = createServer((request, response) => {
  response.end(request.url === '/variables' ? JSON.stringify({ KAFKA_BROKERS, DATABASE_URL }) : 'ready');
});
server.listen(Number(PORT), HOST, () => console.log('listening'));
process.on('SIGTERM', () => {
  appendFileSync(NOTES, 'app stopped\\n');
  process.exit(0);
});
`;

/** A tiny app as the stack wants them, below `dir`. */
export function fixtureApp(dir: string, name: string, port: number): AppDefinition {
  const workspace = join(dir, name);
  mkdirSync(join(workspace, 'dist'), { recursive: true });
  writeFileSync(join(workspace, 'dist', 'main.js'), source);
  return {
    name,
    summary: 'an app of a test',
    workspace: relative(repositoryDir, workspace),
    port,
    healthPath: '/health/ready',
    needs: ['kafka', 'postgres'],
    environment: { NOTES: join(dir, 'notes.txt') },
  };
}
