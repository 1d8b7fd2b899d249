import { DARK, LIGHT, Palette } from './colours';
import { SIZE } from './layout';
import { mark } from './svg-shapes';
import { KINDS_IN_ORDER } from './vendor-name';

const FONT = '-apple-system,"Segoe UI",Helvetica,Arial,"Liberation Sans",sans-serif';

/** The style of a picture that follows the reader's choice of light or dark. */
export function style(): string {
  return `${shape()}${colours(LIGHT)}@media(prefers-color-scheme:dark){${colours(DARK)}}`;
}

function shape(): string {
  return [
    `text{font:${SIZE.line}px ${FONT}}`,
    `.heading{font-size:${SIZE.heading}px}.frame-title{font-size:${SIZE.frameTitle}px}.card-title{font-size:${SIZE.title}px}.heading,.frame-title,.card-title{font-weight:600}`,
    `.label,.aside{font-size:${SIZE.label}px;font-weight:400}`,
    // words that an arrow may run behind.
    '.over0,.over1{stroke-width:4px;stroke-linejoin:round;paint-order:stroke}',
    '.uses,.grants{fill:none;stroke-width:1.4}.grants{stroke-dasharray:5 3}',
  ].join('');
}

function colours({ page, frames, card, border, text, muted, arrow, grant, kinds }: Palette): string {
  return [
    `text{fill:${text}}.aside,.key{fill:${muted}}.label{fill:${grant}}`,
    `.page{fill:${page}}.card{fill:${card};stroke:${border}}`,
    ...frames.map((colour, level) => `.frame${level}{fill:${colour};stroke:${border}}.over${level}{stroke:${colour}}`),
    `.uses{stroke:${arrow}}.grants{stroke:${grant}}.uses-head{fill:${arrow}}.grants-head{fill:${grant}}`,
    ...KINDS_IN_ORDER.map((kind) => `.${mark(kind)}{fill:${kinds[kind]}}`),
  ].join('');
}
