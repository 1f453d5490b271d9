import { SlackReceiver, slackProblem } from './slack-receiver.js';

const problem = (message: unknown): string | undefined => slackProblem(Buffer.from(JSON.stringify(message)));

it.each([
  [{ text: 'hello' }],
  [{ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Down' } }] }],
  [
    {
      text: 'x',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Down*' } }, { type: 'divider' }],
    },
  ],
  [{ text: 'x', blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: 'by' }] }] }],
])('takes %j', (message) => expect(problem(message)).toBeUndefined());

it.each([
  [[], 'invalid_payload'],
  [{ text: 7 }, 'invalid_payload'],
  [{}, 'no_text'],
  [{ text: 'x'.repeat(40_001) }, 'msg_too_long'],
  [{ blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] }, 'invalid_blocks'],
  [{ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }, 'invalid_blocks'],
  [{ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }] }, 'invalid_blocks'],
  [{ blocks: [{ type: 'unknown' }] }, 'invalid_blocks'],
  [{ blocks: new Array(51).fill({ type: 'divider' }) }, 'invalid_blocks'],
])('refuses %j', (message, answer) => expect(problem(message)).toBe(answer));

it('refuses what is not JSON', () => expect(slackProblem(Buffer.from('payload'))).toBe('invalid_payload'));

it('answers ok over HTTP, and no_service for an unknown address', async () => {
  const slack = await SlackReceiver.start();
  try {
    const taken = await fetch(slack.url, { method: 'POST', body: JSON.stringify({ text: 'hello' }) });
    expect([taken.status, await taken.text()]).toEqual([200, 'ok']);
    const lost = await fetch(`${slack.http.origin}/services/other`, { method: 'POST', body: '{"text":"x"}' });
    expect([lost.status, await lost.text()]).toEqual([404, 'no_service']);
    expect(slack.messages).toEqual([{ text: 'hello' }]);
  } finally {
    await slack.close();
  }
});
