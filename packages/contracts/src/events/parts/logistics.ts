import { z } from 'zod';

/** Code of a port in the logistics data set, UN/LOCODE such as NLRTM. */
export const port = z
  .string()
  .regex(/^[A-Z]{2}[A-Z2-9]{3}$/, { message: 'must be a UN/LOCODE of five characters' });
