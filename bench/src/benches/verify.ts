import { randomBytes } from 'node:crypto';
import { createScheme, type WebhookRequest } from '@signalbox/webhooks';
import { atLeast, type Measured, type Ratio, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { lost } from '../harness/world.js';
import { url, verifyCases, type VerifyCase } from './verify/cases.js';

const rounds = 9;
const bodySizes = [512, 262_144];
/** Bytes hashed in a round. */
const bytesOf = (quick: boolean): number => (quick ? 16_000_000 : 128_000_000);
/** Small bodies cost by their number, not their bytes. */
const callsMax = (quick: boolean): number => (quick ? 12_000 : 100_000);

/**
 * Every signature scheme against the shortest code that checks the same signature over the same bytes, in this process.
 * Fixed tokens and passwords sign nothing and are not here. Compared by CPU time: both sides only compute, and whatever else
 * the machine does stays out of the figure.
 */
export async function verifyBench(_openStack: unknown, quick: boolean): Promise<Measured> {
  const sides: SideResult[] = [];
  const ratios: Ratio[] = [];
  let pairsLeft = verifyCases.length * bodySizes.length;
  for (const verifyCase of verifyCases) {
    for (const bytes of bodySizes) {
      const share = bytes === bodySizes[0] ? verifyCase.share : 1;
      const calls = Math.min(callsMax(quick) * share, Math.round(bytesOf(quick) / bytes));
      const title = `${verifyCase.name}, ${bytes} B`;
      const pair = sidesOf(verifyCase, title, bytes, calls);
      const timeShare = 1 / pairsLeft;
      pairsLeft -= 1;
      const [ours, bare] = (await interleave(pair, { rounds, timeShare })) as [SideResult, SideResult];
      sides.push(ours, bare);
      const ratio = bare.cpuSecondsPer1000 / ours.cpuSecondsPer1000;
      ratios.push(atLeast(`${title}: ours / bare crypto`, ratio, 0.8));
    }
  }
  return { size: { quick, rounds, bytesPerRound: bytesOf(quick) }, sides, ratios };
}

/** A JSON object of about that many bytes: Mailgun's signature is in it, the others take any bytes. */
const jsonOf = (bytes: number): string =>
  JSON.stringify({
    event: 'opened',
    text: randomBytes(bytes)
      .toString('base64')
      .slice(0, bytes - 30),
  });

function sidesOf(verifyCase: VerifyCase, title: string, bytes: number, calls: number): readonly Side[] {
  const { settings, secret, publicKey = secret } = verifyCase;
  const nowMs = Date.now();
  const scheme = createScheme(settings);
  const signed = scheme.sign({ rawBody: jsonOf(bytes), secret, nowMs, url });
  const request: WebhookRequest = {
    rawBody: Buffer.from(signed.rawBody),
    headers: signed.headers,
    secrets: [{ keyId: 'bench', value: publicKey }],
    nowMs,
    url: signed.url ?? url,
  };
  const bare = verifyCase.bare(signed);
  const bareName = `bare crypto beside ${title}`;
  return [
    { name: title, role: 'ours', run: () => timed(title, calls, () => scheme.verify(request).ok) },
    { name: bareName, role: 'ceiling', run: () => timed(bareName, calls, bare) },
  ];
}

function timed(name: string, calls: number, verify: () => boolean): Promise<Sample> {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  let verified = 0;
  for (let call = 0; call < calls; call += 1) if (verify()) verified += 1;
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (verified !== calls) throw lost(name, calls, verified);
  return Promise.resolve({ events: calls, seconds, cpuSeconds: (user + system) / 1e6 });
}
