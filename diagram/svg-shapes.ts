import { Box, Point, SIZE } from './layout';
import { Kind } from './vendor-name';

/** How much of a corner is round. */
const CORNER = 6;
const ROUND_DOT = 4;

export function rect(name: string, { x, y, width, height }: Box, radius: number): string {
  return `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

/** Text, with smaller and paler words after it. */
export function text(name: string, x: number, y: number, words: string, more: readonly string[] = []): string {
  const after = more.map((one) => `<tspan class="aside" dx="8">${escape(one)}</tspan>`).join('');
  return `<text class="${name}" x="${round(x)}" y="${round(y)}">${escape(words)}${after}</text>`;
}

/** Text behind the dot that tells its kind; `y` is the middle. */
export function dotted(kind: Kind, x: number, y: number, words: string, name: string): string {
  return `<circle class="${mark(kind)}" cx="${round(x + ROUND_DOT)}" cy="${round(y)}" r="${ROUND_DOT}"/>${text(name, x + SIZE.dot, y + 4, words)}`;
}

/** A line through the points, its corners rounded, with a head at its end. */
export function arrow(name: string, points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const steps = points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) {
      return `${before ? 'L' : 'M'}${at(point)}`;
    }
    return `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`;
  });
  return `<path class="${name}" marker-end="url(#${name})" d="${steps.join('')}"/>`;
}

export function arrowHead(name: string): string {
  return `<marker id="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">`
    + `<path class="${name}-head" d="M0 .5 8 4 0 7.5z"/></marker>`;
}

/** The class of what has a kind's colour. */
export function mark(kind: Kind): string {
  return `kind-${kind.toLowerCase().replaceAll(' ', '-')}`;
}

export function escape(words: string): string {
  // XML has no way to write control characters.
  return words.replace(/\p{Cc}+/gu, ' ').trim().replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
