/** Something that can be ended, such as a process. */
interface Stoppable {
  stop(): Promise<void>;
}

/** Something that can be closed, such as a world. */
interface Closable {
  close(): Promise<void>;
}

/** What a bench has started. It ends at once, processes before the worlds they work in. */
export class Started {
  private readonly processes: Stoppable[] = [];
  private readonly worlds: Closable[] = [];

  process<T extends Stoppable>(process: T): T {
    this.processes.push(process);
    return process;
  }

  world<T extends Closable>(world: T): T {
    this.worlds.push(world);
    return world;
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
    await Promise.all(this.worlds.map((one) => one.close()));
  }
}
