import type { SlackMessage as Taken } from '@signalbox/test-kit';
import { notificationEvent } from '../../test/events.js';
import { slackMessageOf, type SlackMessage } from './slack.format.js';

const section = (message: SlackMessage): string =>
  message.blocks.map((block) => (block.type === 'section' ? block.text.text : '')).join('');

it('shows action, title, text, link and what it is about', () => {
  const message: Taken = slackMessageOf(notificationEvent({ channel: 'slack' }).data);
  expect(message).toEqual({
    text: 'New: PaymentGatewayService is down in production',
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: ':red_circle: New: PaymentGatewayService is down in production' },
      },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text:
            'Payment Gateway Service is unresponsive across all instances.\n' +
            '<https://monitoring.tool/incident/12345|Open>',
        },
      },
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: 'critical | incident inc-PaymentGatewayService-production-1 | for on-call',
          },
        ],
      },
    ],
  });
});

it.each([
  ['trigger', ':red_circle: New: '],
  ['acknowledge', ':red_circle: Acknowledged: '],
  ['resolve', ':white_check_mark: Resolved: '],
] as const)('says %s in words', (action, start) => {
  const [header] = slackMessageOf(notificationEvent({ action }).data).blocks;
  expect(header).toMatchObject({ text: { text: expect.stringMatching(`^${start}`) as string } });
});

it('leaves the section out when there is neither text nor link', () => {
  const { body_text: _body, link: _link, ...data } = notificationEvent().data;
  expect(slackMessageOf(data).blocks.map(({ type }) => type)).toEqual(['header', 'context']);
});

it('lets nobody mention a channel or forge a link', () => {
  const message = slackMessageOf(
    notificationEvent({
      title: '<!channel> a&b',
      body_text: '<https://evil.example|ok>',
      link: 'https://a.example/|x',
    }).data,
  );
  expect(message.text).toBe('New: &lt;!channel&gt; a&amp;b');
  expect(section(message)).toBe('&lt;https://evil.example|ok&gt;\n<https://a.example/%7Cx|Open>');
});

it('stays within the limits and keeps the link', () => {
  const message = slackMessageOf(
    notificationEvent({ title: '😀'.repeat(512), body_text: '&'.repeat(3_000), link: 'https://a.example/1' })
      .data,
  );
  const [header] = message.blocks;
  expect(header?.type === 'header' && header.text.text.length).toBeLessThanOrEqual(150);
  expect(JSON.stringify(header)).not.toMatch(/\\ud[89ab]/i);
  expect(section(message).length).toBeLessThanOrEqual(3_000);
  expect(section(message)).toMatch(/(&amp;)+…\n<https:\/\/a\.example\/1\|Open>$/);
});
