import { z } from 'zod';

/** `true|1|yes|on` and `false|0|no|off`, any case. */
export const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', '1', 'yes', 'on', 'false', '0', 'no', 'off'], { message: 'must be true or false' }))
  .transform((text) => ['true', '1', 'yes', 'on'].includes(text));

/** A whole number between `min` and `max`, both included. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, { message: 'must be a whole number' })
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** A list separated by commas; blanks around entries are dropped, empty entries refused. */
export const commaList = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string().min(1, 'must not hold an empty entry')).min(1));

export const hostPortList = commaList.pipe(
  z.array(
    z.string().regex(/^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, { message: 'must be host:port' }),
  ),
);
export const listenPort = wholeNumber(0, 65_535);

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, { message: 'must begin with postgres:// or postgresql://' })
  .refine((text) => URL.canParse(text), { message: 'is not a URL' });
