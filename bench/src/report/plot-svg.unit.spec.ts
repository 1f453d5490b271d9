import type { Plot } from '../harness/result.js';
import { plotSvg } from './plot-svg.js';

const plot: Plot = {
  name: 'Rate & time',
  x: 'offered',
  y: 'accepted',
  lines: [
    {
      name: 'gateway',
      role: 'ours',
      points: [
        [0, 0],
        [50, 50],
        [100, 80],
      ],
    },
    {
      name: 'bare <http>',
      role: 'ceiling',
      points: [
        [0, 0],
        [100, 100],
      ],
    },
  ],
};
const drawn = (svg: string): string[] =>
  [...svg.matchAll(/points="([^"]+)"/g)].map(([, points]) => points ?? '');
const ticks = (svg: string, anchor: string): (string | undefined)[] =>
  [...svg.matchAll(new RegExp(`text-anchor="${anchor}" fill="#555">([^<]+)</text>`, 'g'))].map(
    ([, text]) => text,
  );

describe('a plot', () => {
  const svg = plotSvg(plot);

  it('draws each line from left to right, more further up', () => {
    expect(drawn(svg)).toEqual(['68,276 344,156 620,84', '68,276 620,36']);
    expect(svg.match(/<circle/g)).toHaveLength(5);
  });

  it('has round ticks that reach over everything drawn', () => {
    expect(ticks(svg, 'middle').slice(0, 6)).toEqual(['0', '20', '40', '60', '80', '100']);
    expect(ticks(svg, 'end')).toEqual(['0', '20', '40', '60', '80', '100']);
  });

  it('names plot, axes and lines as text', () => {
    expect(svg).toContain('>Rate &amp; time</text>');
    expect(svg).toContain('>bare &lt;http></text>');
    expect(svg).toContain('aria-label="Rate &amp; time"');
  });

  it('gives lines of one role different colours, and each role its own', () => {
    const [first] = plot.lines;
    if (!first) throw new Error('no line');
    const colours = [
      ...plotSvg({ ...plot, lines: [first, first, ...plot.lines.slice(1)] }).matchAll(
        /stroke="(#[^"]+)" stroke-width/g,
      ),
    ];
    expect(new Set(colours.map(([, colour]) => colour)).size).toBe(3);
  });

  it('spreads orders of magnitude evenly when asked', () => {
    const lines = [
      {
        name: 'p99',
        role: 'ours' as const,
        points: [
          [1, 1],
          [2, 10],
          [3, 100],
        ] as const,
      },
    ];
    const log = plotSvg({ ...plot, logarithmic: true, lines });
    expect(ticks(log, 'end')).toEqual(['1', '10', '100']);
    expect(drawn(log)).toEqual(['252,276 436,156 620,36']);
  });
});
