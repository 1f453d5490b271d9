import { HttpReceiver, type HttpAnswer, type ReceivedRequest } from '@signalbox/test-kit';
import { readTicket, readTickets, type TicketFile, type TicketView } from './ticket-client.js';
import { ticketTable, ticketText } from './ticket-text.js';

const ticket = (number: number, change: Partial<TicketFile> = {}): TicketFile => ({
  number,
  caseId: `case-${number}`,
  customerId: 'cust-1',
  customerName: 'Jane Doe',
  correlationId: 'story-1',
  subject: 'My order is late',
  bodyText: 'Hello,\n\nwhere is it?\n',
  priority: 'high',
  link: null,
  createdAt: '2026-04-05T12:00:30.000Z',
  resolvedAt: null,
  resolvedBy: null,
  resolvedNote: null,
  comments: [],
  ...change,
});

describe('tickets of the notifier', () => {
  let desk: HttpReceiver;
  /** Numbers of the tickets there are, newest first. */
  let numbers: number[];
  let answer: ((request: ReceivedRequest) => HttpAnswer) | undefined;
  const page = ({ path }: ReceivedRequest): HttpAnswer => {
    const { searchParams } = new URL(path, 'http://desk');
    const before = Number(searchParams.get('before') ?? Infinity);
    const found = numbers.filter((number) => number < before).slice(0, Number(searchParams.get('limit')));
    const last = found.at(-1);
    const next = last !== undefined && numbers.some((number) => number < last) ? last : null;
    return { status: 200, body: JSON.stringify({ tickets: found.map((number) => ticket(number)), next }) };
  };
  beforeAll(async () => {
    desk = await HttpReceiver.start((request) => (answer ?? page)(request));
  });
  afterAll(() => desk.close());
  beforeEach(() => {
    answer = undefined;
    numbers = [];
  });
  const read = async (limit: number): Promise<number[]> =>
    (await readTickets(desk.origin, { status: 'open', limit })).map(({ number }) => number);

  it.each([
    [0, 10, 0, 1],
    [3, 10, 3, 1],
    [3, 2, 2, 1],
    [450, 450, 450, 3],
    [450, 201, 201, 2],
    [200, 500, 200, 1],
  ])(
    'are read page by page: of %i, at most %i, come %i with %i questions',
    async (there, limit, come, asked) => {
      numbers = Array.from({ length: there }, (_none, n) => there - n);
      const before = desk.requests.all.length;
      expect(await read(limit)).toEqual(numbers.slice(0, come));
      expect(desk.requests.all.length - before).toBe(asked);
    },
  );

  it('are asked for by status', async () => {
    await readTickets(desk.origin, { status: 'resolved', limit: 5 });
    expect(desk.requests.all.at(-1)?.path).toBe('/tickets?status=resolved&limit=5');
  });

  it('that come again and again without one more do not keep the command at work', async () => {
    answer = () => ({ status: 200, body: JSON.stringify({ tickets: [], next: 7 }) });
    expect(await read(500)).toEqual([]);
  });

  it.each<[HttpAnswer, string, string]>([
    [{ status: 404, body: '{"detail":"There is no ticket 9."}' }, 'not_found', 'There is no ticket 9.'],
    [{ status: 500, body: '<html>' }, 'outbound_failed', 'The notifier answered 500.'],
    [{ status: 503, body: '{"detail":5}' }, 'outbound_failed', 'The notifier answered 503.'],
  ])('that cannot be had fail clearly: %j', async (given, code, message) => {
    answer = () => given;
    await expect(readTicket(desk.origin, 9)).rejects.toMatchObject({ code, message });
  });
});

describe('a ticket', () => {
  const lines = (change: Partial<TicketFile> = {}): string[] => ticketText(ticket(7, change)).split('\n');

  it('reads like a letter', () => {
    expect(lines({ link: 'https://shop.example/orders/1' })).toEqual([
      'Ticket 7  ·  high  ·  open',
      'Jane Doe (cust-1)  ·  opened 2026-04-05 12:00 UTC  ·  story story-1',
      'https://shop.example/orders/1',
      '',
      'My order is late',
      '',
      '  Hello,',
      '',
      '  where is it?',
    ]);
  });

  it.each<[Partial<TicketFile>, string]>([
    [{ resolvedBy: 'ann', resolvedNote: 'sent again' }, 'resolved 2026-04-06 08:00 UTC by ann: sent again'],
    [{ resolvedBy: null }, 'resolved 2026-04-06 08:00 UTC by ?'],
  ])('says who resolved it: %j', (change, text) => {
    expect(lines({ ...change, resolvedAt: '2026-04-06T08:00:00Z' })[0]).toBe(`Ticket 7  ·  high  ·  ${text}`);
  });

  it('shows its comments in their order', () => {
    const comments = ['first', 'second'].map((bodyText, n) => ({
      bodyText,
      priority: null,
      createdAt: `2026-04-05T1${n + 3}:00:00Z`,
    }));
    expect(lines({ comments }).slice(-8)).toEqual([
      '',
      '── comment of 2026-04-05 13:00 UTC',
      '',
      '  first',
      '',
      '── comment of 2026-04-05 14:00 UTC',
      '',
      '  second',
    ]);
  });

  it('cannot take over the terminal, whatever a customer writes', () => {
    const evil = 'a\u001b[31m\u0007b';
    const odd = {
      subject: evil,
      bodyText: evil,
      customerName: evil,
      customerId: evil,
      priority: evil,
      link: evil,
    };
    const comments = [{ bodyText: evil, priority: null, createdAt: '2026-04-05T12:00:00Z' }];
    const shown = `${lines({ ...odd, comments }).join('')}${ticketTable([ticket(1, odd)]).replaceAll('\n', '')}`;
    expect(shown).not.toMatch(/[\u0000-\u001f]/); // eslint-disable-line no-control-regex
  });

  it('stands in a table with whether it is open', () => {
    const all: TicketView[] = [ticket(7), ticket(12, { resolvedAt: '2026-04-06T08:00:00Z' })];
    const rows = ticketTable(all)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(rows.slice(1)).toEqual([
      ['7', 'high', 'open', '2026-04-05 12:00', 'cust-1', 'My order is late'],
      ['12', 'high', 'resolved', '2026-04-05 12:00', 'cust-1', 'My order is late'],
    ]);
  });
});
