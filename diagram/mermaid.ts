import { LIGHT } from './colours';
import { asides, Card, Frame, Picture } from './picture';
import { KINDS_IN_ORDER } from './vendor-name';

/** So many types in a box; the rest is a number. */
const LINES = 3;

/** The picture as a Mermaid flowchart, which GitHub and GitLab draw in the reader's own colours. */
export function mermaid({ title, root, arrows }: Picture): string {
  const cards = allCards(root);
  const name = (id: string) => `card${cards.findIndex((card) => card.id === id)}`;
  const marks = KINDS_IN_ORDER.map((kind) => ({ kind, marked: cards.filter(({ lines }) => lines[0]?.kind === kind) }))
    .filter(({ marked }) => marked.length > 0);
  return [
    '---', `title: ${JSON.stringify(title)}`, '---',
    'flowchart TB',
    ...contents(root, name).map((line) => `  ${line}`),
    ...arrows.map(({ from, to, label }) => `  ${name(from)} ${label ? `-. "${escape(label)}" .->` : '-->'} ${name(to)}`),
    ...marks.flatMap(({ kind, marked }, i) => [
      `  classDef kind${i} stroke:${LIGHT.kinds[kind]},stroke-width:2px`,
      `  class ${marked.map(({ id }) => name(id)).join(',')} kind${i}`,
    ]),
    '',
  ].join('\n');
}

function allCards(frame: Frame): Card[] {
  return [...frame.frames.flatMap(allCards), ...frame.cards];
}

function contents(frame: Frame, name: (id: string) => string, number = 'frame'): string[] {
  return [
    ...frame.frames.flatMap((inner, i) => [
      `subgraph ${number}${i} ["${heading(inner)}"]`,
      ...contents(inner, name, `${number}${i}_`).map((line) => `  ${line}`),
      'end',
    ]),
    ...frame.cards.map((card) => `${name(card.id)}["${[heading(card), ...listed(card)].join('<br/>')}"]`),
  ];
}

function heading(card: Card): string {
  return [`<b>${escape(card.title)}</b>`, ...asides(card)].join(' ');
}

function listed({ lines }: Card): string[] {
  const shown = lines.length > LINES + 1 ? lines.slice(0, LINES) : lines;
  const more = lines.length - shown.length;
  return [...shown.map(({ text }) => escape(text)), ...more > 0 ? [`and ${more} more`] : []];
}

/** Mermaid's own way to write what has a meaning in it. */
function escape(words: string): string {
  return words.replace(/["#<>&`\\]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\p{Cc}+/gu, ' ').trim();
}
