import type { ComplaintKind } from './complaint-kind.js';

/** What the mail says about one kind of complaint. */
export interface MailText {
  readonly subject: string;
  /** Names the problem and owns it. */
  readonly acknowledge: string;
  /** What happens now, and what the customer may do. */
  readonly help: string;
}

/** The words of the personal mail, by kind of complaint. Whoever changes a text sees the whole mail in mail.unit.spec.ts. */
export const mailTexts: Readonly<Record<ComplaintKind, MailText>> = Object.freeze({
  quality: {
    subject: 'About the trouble with our product',
    acknowledge:
      'That our product let you down is our fault, not yours. It should simply work, and I am sorry for the time and the patience it has cost you.',
    help: 'I have opened a case for you, and somebody who knows the product well is looking at it now. If you can, reply with what you were doing when it went wrong: a sentence or a picture of the screen is enough. If you would rather talk it through, send me a number and a time that suits you.',
  },
  delivery: {
    subject: 'About your delivery',
    acknowledge:
      'You have been waiting for something that should have been with you by now. I am sorry, for the delay and for leaving you without news.',
    help: 'I have opened a case for you, and a colleague is finding out where your delivery is. To make that quicker, reply with your order number if you have it at hand. Should you need the goods by a certain day, or not want them any more, tell me and we will find a way.',
  },
  billing: {
    subject: 'About your invoice',
    acknowledge:
      'Nobody should have to wonder what they were charged for. I am sorry for the trouble that our invoice has given you.',
    help: 'I have opened a case for you, and a colleague from accounts is going through it. Until that is settled, there is nothing you need to pay or to do. Reply with the invoice number if you have it; whatever we got wrong, we will put right.',
  },
  support: {
    subject: 'About the help you did not get',
    acknowledge:
      'You asked us for help and did not get it. That makes a problem twice as bad, and I am sorry that we left you alone with it.',
    help: 'I have opened a case for you and will see to it myself that it is answered. Reply to this mail with whatever is still open: it goes straight to me and not into a queue. If you would rather talk, send me a number and a time that suits you.',
  },
  other: {
    subject: 'About what you wrote about us',
    acknowledge:
      'I can see that you are not happy with us, and I am sorry that we have given you reason to be.',
    help: 'I have opened a case for you, because I would like to understand what went wrong and put it right. Would you tell me a little more? Just reply to this mail, or send me a number and a time that suits you.',
  },
});
