import { Layout, SIZE } from './layout';
import { asides, Picture } from './picture';
import { arrow, arrowHead, dotted, escape, rect, text } from './svg-shapes';
import { style } from './svg-style';
import { textWidth } from './text-width';
import { KINDS_IN_ORDER } from './vendor-name';

const HEADING = 32;
const { padding, frameHead, head, row } = SIZE;

/** The picture as a file of its own: no script, no font, no address in it. */
export function svg(picture: Picture, layout: Layout): string {
  const width = Math.max(Math.ceil(layout.width), textWidth(picture.title, SIZE.heading, true) + 4 * padding);
  const keys = legend(layout, width - 2 * padding);
  const height = Math.ceil(layout.height) + HEADING + keys.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(picture.title)}</title>`,
    `<desc id="desc">${escape(description(picture))}</desc>`,
    `<style>${style()}</style>`,
    `<defs>${arrowHead('uses')}${arrowHead('grants')}</defs>`,
    rect('page', { x: 0, y: 0, width, height }, 8),
    text('heading', padding + 4, 30, picture.title),
    `<g transform="translate(0 ${HEADING})">`,
    ...drawn(layout),
    '</g>',
    `<g transform="translate(${padding + 4} ${height - keys.height})">${keys.svg}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

/** What is drawn later lies over the earlier. */
function drawn({ frames, cards, routes }: Layout): string[] {
  return [
    ...frames.map(({ level, ...box }) => rect(`frame${level % 2}`, box, 8)),
    ...routes.map(({ points, label }) => arrow(label ? 'grants' : 'uses', points)),
    ...frames.map(({ frame, level, x, y }) => text(`frame-title over${level % 2}`, x + padding + 4, y + frameHead - 11, frame.title,
      [...asides(frame), ...frame.lines.map((line) => line.text.toLowerCase())])),
    ...cards.map(({ card, ...box }) => [
      rect('card', box, 5),
      text('card-title', box.x + padding, box.y + head - 10, card.title, asides(card)),
      ...card.lines.map((line, i) => dotted(line.kind, box.x + padding, box.y + head + (i + 0.5) * row, line.text, 'line')),
    ].join('')),
    ...routes.flatMap(({ label }) => (label ? [text('label over0', label.x + 4, label.y + SIZE.label + 1, label.text)] : [])),
  ];
}

/** What the colours and the lines mean, in as many rows as the width asks for. */
function legend({ cards, routes }: Layout, width: number): { readonly svg: string; readonly height: number } {
  const kinds = KINDS_IN_ORDER.filter((kind) => cards.some(({ card }) => card.lines.some((line) => line.kind === kind)));
  const line = (name: string, words: string) => ({
    words, draw: (x: number, y: number) => `${arrow(name, [{ x, y }, { x: x + 22, y }])}${text('key', x + 30, y + 4, words)}`,
  });
  const entries = [
    ...kinds.map((kind) => ({ words: kind as string, draw: (x: number, y: number) => dotted(kind, x, y, kind, 'key') })),
    ...routes.some(({ label }) => !label) ? [line('uses', 'refers to')] : [],
    ...routes.some(({ label }) => label) ? [line('grants', 'has the role on')] : [],
  ];
  let [x, y] = [0, 16];
  const shapes = entries.map(({ words, draw }) => {
    const room = textWidth(words, SIZE.line) + 44;
    [x, y] = x > 0 && x + room > width ? [room, y + 22] : [x + room, y];
    return draw(x - room, y);
  });
  return { svg: shapes.join(''), height: y + 20 };
}

/** The picture in words, for who cannot see it. */
function description({ root, arrows }: Picture): string {
  const names = [...root.frames, ...root.cards].map((one) => [one.title, ...asides(one).map((aside) => `(${aside})`)].join(' '));
  const name = (id: string) => id.replace(/\/Resource$/, '');
  const links = arrows.map(({ from, to, label }) => (label ? `${name(from)} has the role ${label} on ${name(to)}` : `${name(from)} refers to ${name(to)}`));
  return [`Constructs: ${names.join(', ')}`, ...links].map((sentence) => `${sentence}.`).join(' ');
}
