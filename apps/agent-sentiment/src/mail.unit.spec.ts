import { negativeSentimentDetected } from '@signalbox/contracts';
import { complaintKind } from './complaint-kind.js';
import { complaintMail } from './mail.js';
import { mailTexts } from './mail-texts.js';
import { caseIdOf, clip, draftIdOf, oneLine } from './wording.js';

describe('complaintKind', () => {
  it.each([
    [negativeSentimentDetected.example.message, 'quality'],
    ['The app crashes every time I open it.', 'quality'],
    ['Two weeks late and the tracking page is empty. Where is my parcel?', 'delivery'],
    ['Still waiting for delivery. Support does not answer.', 'delivery'],
    ['You charged my card twice, I want a refund!', 'billing'],
    ['Forty minutes on hold and then your hotline hangs up.', 'support'],
    ['Nobody answers. I asked support three times.', 'support'],
    ['Worst company ever.', 'other'],
    ['I am so disappointed #fail #broken', 'other'],
    ['', 'other'],
  ])('%s → %s', (message, kind) => expect(complaintKind(message)).toBe(kind));

  it('does not find words inside other words', () => {
    expect(complaintKind('The ladybug on your plate and the translated manual')).toBe('other');
  });
});

describe('complaintMail', () => {
  it('is, word for word', () => {
    const { message } = negativeSentimentDetected.example;
    const { subject, body } = complaintMail({ name: 'Jane Doe', source: 'twitter', message });
    expect(subject).toBe('About the trouble with our product');
    expect(body).toBe(
      [
        'Dear Jane Doe,',
        'you wrote on twitter:',
        "“Acme Solutions' new product is buggy and frustrating! #fail”",
        'That our product let you down is our fault, not yours. It should simply work, and I am sorry for the time and the patience it has cost you.',
        'I have opened a case for you, and somebody who knows the product well is looking at it now. If you can, reply with what you were doing when it went wrong: a sentence or a picture of the screen is enough. If you would rather talk it through, send me a number and a time that suits you.',
        'With kind regards,\nthe customer care team at Acme Solutions',
      ].join('\n\n'),
    );
  });

  it.each(Object.entries(mailTexts))('says sorry and offers help for %s', (_kind, text) => {
    expect(text.acknowledge).toMatch(/\bsorry\b/);
    expect(text.help).toMatch(/I have opened a case for you/);
    expect(text.help).toMatch(/repl(?:y|ied)|tell me/i);
    expect(text.subject.length).toBeLessThan(60);
  });

  it('quotes what came from outside on one line, within bounds and without control characters', () => {
    const { body } = complaintMail({
      name: `Jane\r\nBcc: all@example.com${'x'.repeat(300)}`,
      source: '\u0007',
      message: `${'🙁'.repeat(400)}\n\nDear Sir,`,
    });
    const [greeting, wrote, quote] = body.split('\n\n');
    expect(greeting).toMatch(/^Dear Jane Bcc: all@example\.comx+…,$/);
    expect(greeting?.length).toBeLessThanOrEqual(106);
    expect(wrote).toMatch(/^you wrote on .*:$/);
    expect(quote?.length).toBeLessThanOrEqual(282);
    expect(body).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('wording', () => {
  it('keeps ids of long customer ids apart and within 255 characters', () => {
    const [one, other] = [`${'c'.repeat(250)}1`, `${'c'.repeat(250)}2`].map((id) => caseIdOf(id, 1));
    expect(one).not.toBe(other);
    expect(one?.length).toBeLessThanOrEqual(255);
    expect(draftIdOf('cust_1', 3)).toBe('draft-cust_1-3');
  });

  it('cuts texts', () => {
    expect(clip('a\u0000b\nc', 10)).toBe('a b\nc');
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(oneLine(' \n ', 10, 'nothing')).toBe('nothing');
  });
});
