/** Features that are counted one by one; the usage of further ones is summed under `other`. */
export const featuresMax = 200;
export const otherFeatures = 'other';
/** Largest sum that is kept; counting stops there. */
const quantityMax = Number.MAX_SAFE_INTEGER;

/** Quantity used by feature. */
export type Usage = Readonly<Record<string, number>>;

/** The usage after `quantity` more of `feature`. */
export function withUsage(usage: Usage, feature: string, quantity: number): Usage {
  const name = nameOf(usage, feature);
  const before = Object.hasOwn(usage, name) ? (usage[name] ?? 0) : 0;
  return { ...usage, [name]: Math.min(quantityMax, before + quantity) };
}

/** The most used features, the most used first, at most `count`; what is summed under `other` has no name to tell. */
export function mostUsed(usage: Usage, count: number): readonly string[] {
  return Object.entries(usage)
    .filter(([name, quantity]) => name !== otherFeatures && quantity > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([name]) => name);
}

function nameOf(usage: Usage, feature: string): string {
  // An object of this name cannot be told from its prototype once it has been through JSON and a schema.
  if (feature === '__proto__') return otherFeatures;
  if (Object.hasOwn(usage, feature)) return feature;
  const named = Object.keys(usage).filter((name) => name !== otherFeatures).length;
  return named < featuresMax ? feature : otherFeatures;
}
