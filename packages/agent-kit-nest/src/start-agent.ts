import type { Type } from '@nestjs/common';

/** Starts an agent app as a process of its own: settings, migrations, HTTP for health, the runtime; stops on SIGTERM. */
export function startAgent(module: Type): Promise<void> {
  return Promise.reject(new Error(`runtime of ${module.name} is under construction`));
}
