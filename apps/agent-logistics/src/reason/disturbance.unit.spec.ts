import fc from 'fast-check';
import { network } from '../../test/agent.js';
import { readReason } from './disturbance.js';

const closed = (reason: string): readonly string[] => readReason(reason, network).closedPorts;

describe('readReason', () => {
  it.each([
    ['Port strike at Rotterdam', 'strike', ['NLRTM']],
    ['ROTTERDAM CLOSED', 'closure', ['NLRTM']],
    ['Walkout of dockers in Antwerpen and Le Havre', 'strike', ['BEANR', 'FRLEH']],
    ['Storm over NLRTM', 'storm', ['NLRTM']],
    ['Fire at terminal, port DE HAM', 'accident', ['DEHAM']],
    ['Delayed due to Rotterdam strike', 'strike', ['NLRTM']],
    ['Port closure: Maasvlakte', 'closure', ['NLRTM']],
    ['Hurricane near göteborg', 'storm', ['SEGOT']],
    ['Gdansk harbour: ice', 'storm', ['PLGDN']],
    ['Trouble in Felixstowe', 'other', ['GBFXT']],
    ['Strike in France', 'strike', ['FRFOS', 'FRLEH', 'FRMRS']],
    ['Engine failure', 'other', []],
    ['', 'other', []],
  ])('%j: %s closes %j', (reason, kind, ports) => {
    const read = readReason(reason, network);
    expect({ kind: read.kind, ports: read.closedPorts }).toEqual({ kind, ports });
  });

  it('slows congested ports down and does not close them', () => {
    const read = readReason('Berth congestion at Singapore', network);
    expect(read).toMatchObject({ kind: 'congestion', closedPorts: [] });
    expect([...read.slowedPorts]).toEqual([['SGSIN', 3]]);
  });

  it('slows a whole country down for new customs rules', () => {
    const read = readReason('New customs regulation in Belgium', network);
    expect(read.kind).toBe('customs');
    expect([...read.slowedPorts]).toEqual([
      ['BEANR', 2],
      ['BEZEE', 2],
    ]);
  });

  it('takes the sentences apart: a strike here, congestion there', () => {
    const read = readReason(
      'Strike at Rotterdam. Congestion at Antwerp; customs checks at Rotterdam',
      network,
    );
    expect(read.closedPorts).toEqual(['NLRTM']);
    expect([...read.slowedPorts]).toEqual([['BEANR', 3]]);
    expect(read.kind).toBe('strike');
  });

  it.each([
    ['Strike at Rotterdam, rerouted via Antwerp', ['NLRTM']],
    ['Rerouted to the port of Antwerp because Rotterdam is closed', ['NLRTM']],
    ['Container from Shanghai bound for Hamburg delayed by storm at Le Havre', ['FRLEH']],
    ['Closed owing to Rotterdam flooding', ['NLRTM']],
  ])('%j: a place on the way is not disturbed', (reason, ports) => expect(closed(reason)).toEqual(ports));

  it.each([
    ['Rotterdam has reopened', []],
    ['Strike at Rotterdam is over. Storm at Hamburg', ['DEHAM']],
    ['Rotterdam closed, expected to reopen on Friday', ['NLRTM']],
  ])('%j: what is over disturbs nothing', (reason, ports) => expect(closed(reason)).toEqual(ports));

  it('matches whole words only', () => {
    expect(closed('Strike of the Hamburger union')).toEqual([]);
    expect(closed('xNLRTMx strike')).toEqual([]);
    expect(closed('nlrtm strike')).toEqual([]);
  });

  it('knows the narrow waters', () => {
    expect(readReason('Suez Canal blocked by a grounded ship', network).closedPassages).toEqual(['suez']);
    expect(readReason('Drought: Panama Canal closed', network).closedPassages).toEqual(['panama']);
    expect(readReason('Strait of Hormuz and Red Sea attacks', network).closedPassages).toEqual([
      'hormuz',
      'suez',
    ]);
  });

  it('reads any text of 2,000 characters, each time to the same end', () => {
    const words = fc.constantFrom(
      'Rotterdam',
      'strike',
      'to',
      'via',
      '. ',
      ';',
      'NLRTM',
      'ß',
      '\u0301',
      '(',
      '\\',
      '\n',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 500 }),
      fc.array(words, { maxLength: 60 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (reason) => {
        const read = readReason(reason, network);
        expect(readReason(reason, network)).toEqual(read);
        for (const port of read.closedPorts) {
          expect(network.ports.has(port)).toBe(true);
          expect(read.slowedPorts.has(port)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('reads at most 20 sentences', () => {
    expect(closed(`${'Nothing here. '.repeat(20)}Strike at Rotterdam`)).toEqual([]);
    expect(closed(`${'Nothing here. '.repeat(19)}Strike at Rotterdam`)).toEqual(['NLRTM']);
  });
});
