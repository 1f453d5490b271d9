import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { schemes, type Scheme, type WebhookRequest } from '@signalbox/webhooks';
import { atLeast, type Measured, type Ratio, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { lost } from '../harness/world.js';

const rounds = 9;
const secret = 'a-secret-of-thirty-two-characters';
const bodySizes = [512, 262_144];
/** Bytes hashed in a round. */
const bytesOf = (quick: boolean): number => (quick ? 32_000_000 : 256_000_000);
/** Small bodies cost by their number, not their bytes. */
const callsMax = (quick: boolean): number => (quick ? 40_000 : 200_000);

/** Every signature scheme against one bare HMAC and comparison over the same bytes, in this process. */
export async function verifyBench(_openStack: unknown, quick: boolean): Promise<Measured> {
  const sides: SideResult[] = [];
  const ratios: Ratio[] = [];
  for (const scheme of schemes.values()) {
    for (const bytes of bodySizes) {
      const calls = Math.min(callsMax(quick), Math.round(bytesOf(quick) / bytes));
      const title = `${scheme.name}, ${bytes} B`;
      const [ours, bare] = (await interleave(
        [schemeSide(scheme, title, bytes, calls), bareSide(title, bytes, calls)],
        rounds,
      )) as [SideResult, SideResult];
      sides.push(ours, bare);
      ratios.push(atLeast(`${title}: ours / bare HMAC`, ours.perSecond / bare.perSecond, 0.8));
    }
  }
  return { size: { quick, rounds, bytesPerRound: bytesOf(quick) }, sides, ratios };
}

function schemeSide(scheme: Scheme, title: string, bytes: number, calls: number): Side {
  const rawBody = randomBytes(bytes);
  const nowMs = Date.now();
  const { headers } = scheme.sign({ rawBody, secret, nowMs });
  const request: WebhookRequest = { rawBody, headers, secrets: [{ keyId: 'bench', value: secret }], nowMs };
  return { name: title, role: 'ours', run: () => timed(title, calls, () => scheme.verify(request).ok) };
}

function bareSide(title: string, bytes: number, calls: number): Side {
  const body = randomBytes(bytes);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const check = (): boolean =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(signature, 'hex'));
  const name = `bare HMAC beside ${title}`;
  return { name, role: 'ceiling', run: () => timed(name, calls, check) };
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
