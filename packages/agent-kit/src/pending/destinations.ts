import {
  Destination,
  type Answer,
  type CircuitChange,
  type DestinationLimits,
  type DestinationStatus,
} from './destination.js';

/** Every receiver this process calls, each with its own limits, so that a slow one cannot take every place. */
export class Destinations {
  private readonly known = new Map<string, Destination>();

  constructor(private readonly nowMs: () => number) {}

  /** Takes a place for a call; false when the destination has none now. */
  enter(name: string, limits: DestinationLimits): boolean {
    const destination = this.known.get(name) ?? new Destination(name);
    this.known.set(name, destination);
    const now = this.nowMs();
    destination.limit(limits, now);
    if (destination.places(now) === 0) return false;
    destination.begin(now);
    return true;
  }

  leave(name: string, answer: Answer): CircuitChange | undefined {
    const destination = this.known.get(name);
    const change = destination?.end(answer, this.nowMs());
    if (destination?.isIdle(this.nowMs())) this.known.delete(name);
    return change;
  }

  /** Places of the destinations that are in use or have to wait; all others have those of their handler. */
  places(): Record<string, number> {
    const now = this.nowMs();
    const places: Record<string, number> = {};
    for (const [name, destination] of this.known) {
      if (destination.isIdle(now)) this.known.delete(name);
      else places[name] = destination.places(now);
    }
    return places;
  }

  /** Milliseconds until time alone gives a destination a place; undefined when none waits for time. */
  msToNext(): number | undefined {
    const now = this.nowMs();
    const waits = [...this.known.values()].map((one) => one.waitMs(now)).filter((ms) => ms > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  status(): DestinationStatus[] {
    const now = this.nowMs();
    return [...this.known.values()].map((one) => one.status(now));
  }
}
