import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import { z } from 'zod';

const locode = z
  .string()
  .regex(/^[A-Z]{2}[A-Z2-9]{3}$/, { message: 'must be a UN/LOCODE of five characters' });
const countryCode = z.string().regex(/^[A-Z]{2}$/);

const portSchema = z.strictObject({
  locode,
  name: z.string().min(1).max(100),
  country: countryCode,
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  /** Other names people use for it, terminals included. */
  aliases: z.array(z.string().min(3).max(100)).max(10),
});

/** Narrow waters a sea lane may depend on. */
const passage = z.enum(['suez', 'panama', 'hormuz']);
export type Passage = z.infer<typeof passage>;

const transportMode = z.enum(['sea', 'rail', 'road']);

const laneSchema = z.strictObject({
  from: locode,
  to: locode,
  mode: transportMode,
  /** Door of one port to door of the other, in days. */
  days: z.number().min(0.5).max(90),
  /** US dollars for one 40-foot container. */
  cost_usd: z.number().int().min(1).max(50_000),
  passage: passage.optional(),
});

const countrySchema = z.strictObject({
  code: countryCode,
  names: z.array(z.string().min(2).max(60)).min(1).max(10),
});

const networkSchema = z.strictObject({
  ports: z.array(portSchema).min(60).max(2_000),
  lanes: z.array(laneSchema).min(200).max(20_000),
  countries: z.array(countrySchema).max(300),
});

export type Port = z.infer<typeof portSchema>;
/** A lane may be used in both directions. */
export type Lane = z.infer<typeof laneSchema> & { readonly id: number };
export type Country = z.infer<typeof countrySchema>;

/** Ports and lanes, checked and indexed. Read only. */
export interface Network {
  readonly ports: ReadonlyMap<string, Port>;
  readonly countries: readonly Country[];
  readonly lanes: readonly Lane[];
  /** The lanes that touch a port, in the order of the file. */
  readonly lanesOf: ReadonlyMap<string, readonly Lane[]>;
}

/** Checks the data set and indexes it. Throws `config_invalid` that lists what is wrong, at most 50 places. */
export function buildNetwork(raw: unknown): Network {
  const parsed = networkSchema.safeParse(raw);
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message })),
    );
  }
  const { ports, lanes, countries } = parsed.data;
  const problems = [
    ...repeatedPorts(ports),
    ...badLanes(ports, lanes),
    ...namelessCountries(ports, countries),
  ];
  if (problems.length > 0) throw invalid(problems);
  const numbered = lanes.map((lane, id) => ({ ...lane, id }));
  return {
    ports: new Map(ports.map((port) => [port.locode, port])),
    countries,
    lanes: numbered,
    lanesOf: new Map(
      ports.map(({ locode: code }) => [code, numbered.filter((l) => l.from === code || l.to === code)]),
    ),
  };
}

/** The other end of a lane. */
export const otherEnd = (lane: Lane, port: string): string => (lane.from === port ? lane.to : lane.from);

function repeatedPorts(ports: readonly Port[]): ErrorPointer[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const repeated = seen.has(port.locode);
    seen.add(port.locode);
    const strange = !port.locode.startsWith(port.country);
    return [
      ...(repeated ? [{ pointer: `/ports/${index}`, message: `${port.locode} is listed twice` }] : []),
      ...(strange
        ? [{ pointer: `/ports/${index}/country`, message: `${port.locode} is not in ${port.country}` }]
        : []),
    ];
  });
}

function badLanes(ports: readonly Port[], lanes: readonly Omit<Lane, 'id'>[]): ErrorPointer[] {
  const known = new Set(ports.map((port) => port.locode));
  const seen = new Set<string>();
  return lanes.flatMap((lane, index) => {
    const name = `${lane.mode} lane ${lane.from}-${lane.to}`;
    const key = [lane.mode, ...[lane.from, lane.to].sort()].join(' ');
    const messages = [
      ...[lane.from, lane.to].filter((port) => !known.has(port)).map((port) => `${name}: ${port} is no port`),
      ...(lane.from === lane.to ? [`${name} leads nowhere`] : []),
      ...(seen.has(key) ? [`${name} is listed twice`] : []),
      ...(lane.passage && lane.mode !== 'sea' ? [`${name} cannot use a passage`] : []),
    ];
    seen.add(key);
    return messages.map((message) => ({ pointer: `/lanes/${index}`, message }));
  });
}

function namelessCountries(ports: readonly Port[], countries: readonly Country[]): ErrorPointer[] {
  const named = new Set(countries.map((country) => country.code));
  const missing = new Set(ports.map((port) => port.country).filter((code) => !named.has(code)));
  return [...missing].map((code) => ({ pointer: '/countries', message: `${code} has no names` }));
}

function invalid(all: readonly ErrorPointer[]): SignalboxError {
  const pointers = all.slice(0, 50);
  const lines = pointers.map(({ pointer, message }) => `  ${pointer}: ${message}`).join('\n');
  return new SignalboxError('config_invalid', `The data set of ports and lanes is wrong:\n${lines}`, {
    pointers,
    action: 'Correct ports.json, lanes.json or countries.json in the data folder of agent-logistics.',
  });
}
