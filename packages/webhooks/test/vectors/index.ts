import { documented } from './documented.js';
import { officialAddresses } from './official-addresses.js';
import { officialLists } from './official-lists.js';
import { official } from './official.js';
import type { Vector } from './vector.js';

/** Every vector that was not made by this code. */
export const vectors: readonly Vector[] = [
  ...documented,
  ...official,
  ...officialAddresses,
  ...officialLists,
];
