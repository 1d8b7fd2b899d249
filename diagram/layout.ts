import ELK, { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk.bundled.js';
import { asides, Card, Frame, Picture } from './picture';
import { textWidth } from './text-width';

export interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export interface Point { readonly x: number; readonly y: number }
export interface Route { readonly points: readonly Point[]; readonly label?: Box & { readonly text: string } }

/** Where everything of a picture goes. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly (Box & { readonly frame: Frame; readonly level: number })[];
  readonly cards: readonly (Box & { readonly card: Card })[];
  readonly routes: readonly Route[];
}

/** Sizes of text and of what is around it. */
export const SIZE = { heading: 16, frameTitle: 15, title: 13, line: 12, label: 11, padding: 12, head: 30, row: 19, dot: 16, frameHead: 34 };
/** A picture is read on a page, so it should not be much wider than high. */
const ASPECT = '1.5';

export async function layOut(picture: Picture): Promise<Layout> {
  const root = await new ELK().layout({
    ...container(picture.root),
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.aspectRatio': ASPECT,
      'elk.json.edgeCoords': 'ROOT',
      'elk.json.shapeCoords': 'ROOT',
      'elk.padding': '[top=16,left=16,bottom=16,right=16]',
      'elk.layered.spacing.nodeNodeBetweenLayers': '40',
      'elk.layered.spacing.edgeNodeBetweenLayers': '16',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
      'elk.spacing.nodeNode': '24',
      'elk.spacing.edgeNode': '16',
      'elk.spacing.edgeEdge': '12',
      'elk.spacing.componentComponent': '28',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.randomSeed': '1',
    },
    edges: picture.arrows.map(({ from, to, label }, i): ElkExtendedEdge => ({
      id: `arrow ${i}`,
      sources: [from],
      targets: [to],
      labels: label ? [{
        id: `label ${i}`,
        text: label,
        width: textWidth(label, SIZE.label) + 8,
        height: SIZE.label + 6,
        // in the middle it would take a layer of its own, and push what the arrow points at further down.
        layoutOptions: { 'elk.edgeLabels.placement': 'TAIL' },
      }] : [],
    })),
  });
  const nodes = flatten(root);
  const box = ({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Box => ({ x, y, width, height });
  const at = (id: string) => box(nodes.get(id)!);
  return {
    ...box(root),
    frames: frames(picture.root, 0).map(([frame, level]) => ({ ...at(`frame ${frame.id}`), frame, level })),
    cards: frames(picture.root, 0).concat([[picture.root, 0]]).flatMap(([{ cards }]) => cards.map((card) => ({ ...at(card.id), card }))),
    routes: (root.edges ?? []).map(route),
  };
}

function frames(parent: Frame, level: number): [Frame, number][] {
  return parent.frames.flatMap((frame): [Frame, number][] => [[frame, level], ...frames(frame, level + 1)]);
}

function container(frame: Frame): ElkNode {
  const { padding, frameHead, frameTitle, line } = SIZE;
  const aside = [...asides(frame), ...frame.lines.map(({ text }) => text)].join(' ');
  const heading = textWidth(frame.title, frameTitle, true) + textWidth(aside, line) + 4 * padding;
  return {
    id: `frame ${frame.id}`,
    children: [...frame.frames.map(container), ...frame.cards.map(sized)],
    layoutOptions: {
      'elk.padding': `[top=${frameHead + padding},left=${padding + 4},bottom=${padding + 4},right=${padding + 4}]`,
      // elk turns everything on its side to lay out downwards, but not this.
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(0,${heading})`,
    },
  };
}

function sized(card: Card): ElkNode {
  const { title, line, padding, head, row, dot } = SIZE;
  const heading = textWidth(card.title, title, true) + asides(card).reduce((sum, aside) => sum + textWidth(aside, SIZE.label) + padding, 0);
  const widest = Math.max(heading, ...card.lines.map(({ text }) => textWidth(text, line) + dot));
  return { id: card.id, width: widest + 2 * padding, height: head + card.lines.length * row + padding / 2 };
}

function flatten(node: ElkNode): Map<string, ElkNode> {
  return new Map([[node.id, node], ...(node.children ?? []).flatMap((child) => [...flatten(child)])]);
}

function route({ sections = [], labels = [] }: ElkExtendedEdge): Route {
  const [label] = labels;
  return {
    points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    label: label && { text: label.text!, x: label.x ?? 0, y: label.y ?? 0, width: label.width ?? 0, height: label.height ?? 0 },
  };
}
