/** The only place of the benches that writes to the terminal. */
export const progress = (text: string): void => void process.stderr.write(`${text}\n`);
export const result = (text: string): void => void process.stdout.write(`${text}\n`);
