/** Calls at work per destination, so that a slow receiver cannot take every place. */
export class Destinations {
  private readonly atWork = new Map<string, number>();

  constructor(private readonly perDestinationMax: number) {}

  enter(destination: string): void {
    this.atWork.set(destination, (this.atWork.get(destination) ?? 0) + 1);
  }

  leave(destination: string): void {
    const left = (this.atWork.get(destination) ?? 1) - 1;
    if (left > 0) this.atWork.set(destination, left);
    else this.atWork.delete(destination);
  }

  /** Destinations that have all the calls they may. */
  full(): string[] {
    return [...this.atWork]
      .filter(([, count]) => count >= this.perDestinationMax)
      .map(([destination]) => destination);
  }
}
