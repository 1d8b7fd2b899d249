import { layOut, Layout, SIZE } from '../../diagram/layout';
import { mermaid } from '../../diagram/mermaid';
import { Card, Frame, Picture } from '../../diagram/picture';
import { svg } from '../../diagram/svg';
import { textWidth } from '../../diagram/text-width';
import { Kind } from '../../diagram/vendor-name';

const HOSTILE = '"]; <script>alert(1)</script> & `x` #1;\u0007';
const line = (text: string, kind = Kind.NETWORK) => ({ text, kind });
const card = (id: string, ...lines: string[]): Card => ({ id, title: id.split('/').at(-1)!, lines: lines.map((text) => line(text)) });
const frame = (id: string, frames: Frame[], cards: Card[]): Frame => ({ ...card(id), lines: [], frames, cards });

const PICTURE: Picture = {
  title: 'A picture',
  root: frame('', [
    frame('A', [frame('A/In', [], [card('A/In/X', 'Subnet'), card('A/In/Y', 'Subnet')])], [card('A/Z', 'One', 'Two', 'Three', 'Four', 'Five')]),
    { ...frame('B', [], [card('B/W', 'Key vault')]), construct: 'AksCluster', more: 3, lines: [line('Resource group', Kind.OTHER)] },
  ], [card('Alone', 'Public IP')]),
  arrows: [{ from: 'A/In/X', to: 'B/W' }, { from: 'A/Z', to: 'B/W', label: 'Reader' }, { from: 'B/W', to: 'Alone' }],
};
const HOSTILE_PICTURE: Picture = {
  title: HOSTILE,
  root: frame('', [{ ...frame('F', [], [{ ...card('F/C', HOSTILE), title: HOSTILE }, card('F/D', 'x')]), title: HOSTILE }], []),
  arrows: [{ from: 'F/C', to: 'F/D', label: HOSTILE }],
};

type Rectangle = Layout['cards'][number] | Layout['frames'][number];
const inside = (inner: Rectangle, outer: { x: number; y: number; width: number; height: number }) => inner.x >= outer.x && inner.y >= outer.y
  && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
const apart = (one: Rectangle, other: Rectangle) => one.x + one.width <= other.x || other.x + other.width <= one.x
  || one.y + one.height <= other.y || other.y + other.height <= one.y;

/** The names of the elements of an XML document, which has to be well-formed. */
function elementNames(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  expect(xml.replace(/<(\/?)([a-z]+)((?: [a-zA-Z-:]+="[^"<]*")*)(\/?)>/g, (_, end, name, attributes, empty) => {
    if (end) {
      expect(open.pop()).toBe(name);
    } else {
      names.push(name);
      expect(new Set(attributes.match(/[a-zA-Z-:]+(?==")/g)).size).toBe((attributes.match(/[a-zA-Z-:]+(?==")/g) ?? []).length);
      empty || open.push(name);
    }
    return '';
  })).not.toMatch(/[<\u0000-\u0008]|&(?!#\d+;)/);
  expect(open).toEqual([]);
  return names;
}

describe('layout', () => {
  test('all boxes are inside the picture and their frames, and none lies over another', async () => {
    const layout = await layOut(PICTURE);
    const all = { x: 0, y: 0, width: layout.width, height: layout.height };
    const at = (id: string) => layout.cards.find((one) => one.card.id === id) ?? layout.frames.find((one) => one.frame.id === id)!;
    expect(layout.cards).toHaveLength(5);
    expect([...layout.cards, ...layout.frames].filter((one) => !inside(one, all))).toEqual([]);
    const nested = [['A/In', 'A'], ['A/In/X', 'A/In'], ['A/In/Y', 'A/In'], ['A/Z', 'A'], ['B/W', 'B']];
    expect(nested.filter(([inner, outer]) => !inside(at(inner), at(outer)))).toEqual([]);
    expect(layout.cards.flatMap((one, i) => layout.cards.slice(i + 1).filter((other) => !apart(one, other)))).toEqual([]);
    expect([apart(at('A'), at('B')), apart(at('A'), at('Alone')), apart(at('B'), at('Alone')), apart(at('A/In'), at('A/Z'))]).toEqual([true, true, true, true]);
  });

  test('a frame is as wide as its title asks for, and no higher than what is in it', async () => {
    const long = { ...frame('F', [], [card('F/C', 'x')]), title: 'A title much longer than all that is in the frame' };
    const layout = await layOut({ title: '', root: frame('', [long], []), arrows: [] });
    const [{ width, height }] = layout.frames;
    expect(width).toBeGreaterThan(textWidth(long.title, SIZE.title, true));
    expect(height).toBeLessThan(layout.cards[0].height + 80);
  });

  test('each arrow begins and ends at the edge of its boxes', async () => {
    const layout = await layOut(PICTURE);
    const ends = layout.routes.map(({ points }) => [points[0], points.at(-1)!]);
    const touches = ({ x, y }: { x: number; y: number }, id: string) => {
      const box = layout.cards.find((one) => one.card.id === id)!;
      const [left, right, top, bottom] = [x - box.x, box.x + box.width - x, y - box.y, box.y + box.height - y].map(Math.round);
      return Math.min(left, right, top, bottom) === 0;
    };
    expect(ends.map(([start, end], i) => [touches(start, PICTURE.arrows[i].from), touches(end, PICTURE.arrows[i].to)]))
      .toEqual([[true, true], [true, true], [true, true]]);
    expect(layout.routes.map(({ label }) => label?.text)).toEqual([undefined, 'Reader', undefined]);
  });

  test('the same picture looks the same each time', async () => {
    expect(await layOut(PICTURE)).toEqual(await layOut(PICTURE));
  });
});

describe('svg', () => {
  test('it is well-formed and stands by itself', async () => {
    const text = svg(PICTURE, await layOut(PICTURE));
    expect([...new Set(elementNames(text))].sort()).toEqual(['circle', 'defs', 'desc', 'g', 'marker', 'path', 'rect', 'style', 'svg', 'text', 'title', 'tspan']);
    expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|@import|@font-face|url\((?!#)/);
  });

  test('it speaks to who cannot see it', async () => {
    const text = svg(PICTURE, await layOut(PICTURE));
    expect(text).toContain('role="img" aria-labelledby="title desc"');
    expect(text).toContain('<title id="title">A picture</title>');
    expect(text).toContain('<desc id="desc">Constructs: A, B (AksCluster) (and 3 more like it), Alone. '
      + 'A/In/X refers to B/W. A/Z has the role Reader on B/W. B/W refers to Alone.</desc>');
  });

  test('each colour of the light picture has one in the dark', async () => {
    const style = /<style>(.*)@media\(prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg(PICTURE, await layOut(PICTURE)))!;
    const coloured = (css: string) => [...css.matchAll(/([.\w-]+(?:,[.\w-]+)*)\{([^}]*)\}/g)]
      .flatMap(([, names, rules]) => [...rules.matchAll(/([a-z-]+):#/g)].map(([, property]) => `${names} ${property}`)).sort();
    expect(coloured(style[2])).toEqual(coloured(style[1]));
    expect(coloured(style[1]).length).toBeGreaterThan(15);
  });

  test('a title wider than the picture makes it wider', async () => {
    const title = 'A title '.repeat(50);
    const [, width] = / width="(\d+)"/.exec(svg({ ...PICTURE, title }, await layOut(PICTURE)))!;
    expect(Number(width)).toBeGreaterThan(textWidth(title, SIZE.heading, true));
  });

  test('a legend tells the kinds that are there, and no others', async () => {
    const keys = [...svg(PICTURE, await layOut(PICTURE)).matchAll(/<text class="key"[^>]*>([^<]*)</g)].map(([, words]) => words);
    expect(keys).toEqual(['Network', 'refers to', 'has the role on']);
  });

  test('whatever a name holds, it stays text', async () => {
    const text = svg(HOSTILE_PICTURE, await layOut(HOSTILE_PICTURE));
    expect(elementNames(text)).not.toContain('script');
    expect(text).toContain('&#34;]; &#60;script&#62;alert(1)&#60;/script&#62; &#38; `x` #1;<');
  });
});

describe('mermaid', () => {
  test('it has the frames, the boxes with their first lines, and the arrows', () => {
    expect(mermaid(PICTURE).split('\n')).toEqual([
      '---', 'title: "A picture"', '---', 'flowchart TB',
      '  subgraph frame0 ["<b>A</b>"]',
      '    subgraph frame0_0 ["<b>In</b>"]',
      '      card0["<b>X</b><br/>Subnet"]',
      '      card1["<b>Y</b><br/>Subnet"]',
      '    end',
      '    card2["<b>Z</b><br/>One<br/>Two<br/>Three<br/>and 2 more"]',
      '  end',
      '  subgraph frame1 ["<b>B</b> AksCluster and 3 more like it"]',
      '    card3["<b>W</b><br/>Key vault"]',
      '  end',
      '  card4["<b>Alone</b><br/>Public IP"]',
      '  card0 --> card3',
      '  card2 -. "Reader" .-> card3',
      '  card3 --> card4',
      '  classDef kind0 stroke:#2c974b,stroke-width:2px',
      '  class card0,card1,card2,card3,card4 kind0',
      '',
    ]);
  });

  test('whatever a name holds, it stays text', () => {
    const text = mermaid(HOSTILE_PICTURE);
    expect(JSON.parse(/^title: (.*)$/m.exec(text)![1])).toBe(HOSTILE);
    expect(text.split('flowchart')[1]).not.toMatch(/<script|`/);
    expect(text).toContain('["<b>#34;]; #60;script#62;alert(1)#60;/script#62; #38; #96;x#96; #35;1;</b>"]');
  });
});
