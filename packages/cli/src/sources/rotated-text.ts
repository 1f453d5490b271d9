import type { RotatedSource } from './rotate-source.js';

/** How to hand the new secret over, and until when the old ones count. */
export function rotatedText(rotated: RotatedSource, url: string): string {
  const { source, record, secretFile, keyId, ending, until, madeSecret } = rotated;
  const { provider, name } = source;
  const secret =
    madeSecret === undefined
      ? `the one in ${secretFile}`
      : `${madeSecret}\n                 (shown this once; also in ${secretFile})`;
  const old = ending.map(
    (reference) => reference.keyId ?? ('env' in reference ? reference.env : reference.file),
  );
  return [
    `${record} has the further secret ${keyId}, which counts from now on.`,
    old.length > 0
      ? `${old.join(', ')} counts beside it until ${until.toISOString()} at the latest.`
      : 'No other secret counts any more: what was signed with an old one is refused.',
    '',
    `Enter at ${provider?.title ?? 'the sender'}${old.length > 0 ? ' before then' : ', at once'}:`,
    `  address        ${url} (as before)`,
    `  secret         ${secret}`,
    ...(provider ? [`  where          ${provider.secretForm}`] : []),
    '',
    `Try it: npx signalbox sources test ${name}`,
    `See:    npx signalbox webhooks list --source ${name} --json   (key_id: the secret each was signed with)`,
    ...rotated.dropped.flatMap((reference) =>
      'file' in reference ? [`No longer used: ${reference.file}; remove it from the folder of secrets.`] : [],
    ),
  ].join('\n');
}
