import { constructName, segments } from './construct-name';
import { reduced } from './reduction';
import { Element, KubernetesObject, SynthesisedApp } from './synthesised-app';
import { Kind, kindOf, KINDS_IN_ORDER, vendorName } from './vendor-name';

/** So many resources or objects of one type. */
export interface Line { readonly text: string; readonly kind: Kind }

/** A construct, with the resources in it or below it. */
export interface Card {
  readonly id: string;
  readonly title: string;
  /** Its class, if it is of this library. */
  readonly construct?: string;
  readonly lines: readonly Line[];
  /** How many more there are that look the same. */
  readonly more?: number;
}

/** A construct of which the constructs in it are shown; of its own lines there are the resource groups. */
export interface Frame extends Card { readonly lines: Line[]; readonly frames: Frame[]; readonly cards: Card[] }

/** From a card to one it refers to; with a label, from who may do something to where. */
export interface Arrow { readonly from: string; readonly to: string; readonly label?: string }

export interface Picture { readonly title: string; readonly root: Frame; readonly arrows: readonly Arrow[] }

/** What stands beside the title. */
export function asides({ construct, more }: Card): string[] {
  return [...construct ? [construct] : [], ...more ? [`and ${more} more like it`] : []];
}

/** What nearly everything refers to, so that to show it tells nothing. */
const BACKGROUND = /^(data\.azurerm_client_config|data\.azurerm_subscription|data\.terraform_remote_state)$/;
/** Nearly everything refers to its group too. */
const GROUP = /azurerm_resource_group$/;
/** What runs comes before what it needs. */
const WORKLOAD = /^(Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod)$/;

/** What a program is made of, down to `depth` levels of constructs below its stacks. */
export function picture(app: SynthesisedApp, depth: number, title?: string): Picture {
  const shown = app.elements.filter(({ type }) => !BACKGROUND.test(type));
  // a stack is a frame around them where there are more.
  const levels = app.stacks.length > 1 ? depth + 1 : depth;
  const draft = new Places(shown, app, levels);
  // a role between two cards is the arrow between them.
  const granted = new Set(shown.filter((element) => grantArrows([element], draft).length > 0));
  const inCards = shown.filter((element) => !granted.has(element));
  const places = new Places(inCards, app, levels);

  const root: Frame = { id: '', title: '', lines: [], frames: [], cards: [] };
  for (const { card, frame, name } of places.distinct()) {
    const inside = inCards.filter(({ id }) => places.card(id) === card);
    const parent = frameAt(root, frame, (id) => constructName(id, app));
    if (frame.length > 0 && inside.every(({ type }) => GROUP.test(type))) {
      parent.lines.push(...lines(inside));
    } else {
      parent.cards.push({ id: card, title: name, construct: card.endsWith('/Resource') ? undefined : constructName(card, app), lines: lines(inside) });
    }
  }
  return { title: title ?? app.stacks.join(', '), root, arrows: [...reduced(useArrows(inCards, places)), ...grantArrows([...granted], places)] };
}

interface Place { readonly frame: readonly string[]; readonly card: string; readonly name: string }

/** Which card each element is in. */
class Places {
  private readonly places: ReadonlyMap<string, Place>;

  constructor(elements: readonly Element[], app: SynthesisedApp, depth: number) {
    const all = elements.map((element) => segments(element, app));
    this.places = new Map(elements.map(({ id }, i) => [id, place(all[i], all, depth)]));
  }

  public card(element: string): string | undefined {
    return this.places.get(element)?.card;
  }

  public distinct(): Place[] {
    return [...new Map([...this.places.values()].map((one) => [one.card, one])).values()];
  }
}

function place(own: readonly string[], all: readonly (readonly string[])[], depth: number): Place {
  const holdsOthers = all.some((other) => other.length > own.length && own.every((segment, i) => other[i] === segment));
  if (holdsOthers && own.length < depth) {
    return { frame: own, card: [...own, 'Resource'].join('/'), name: own.at(-1)! };
  }
  const end = Math.min(own.length, depth);
  return { frame: own.slice(0, end - 1), card: own.slice(0, end).join('/'), name: own[end - 1] };
}

function frameAt(root: Frame, path: readonly string[], constructOf: (id: string) => string | undefined): Frame {
  return path.reduce((parent, title, i) => {
    const id = path.slice(0, i + 1).join('/');
    const there = parent.frames.find((frame) => frame.id === id);
    const frame = there ?? { id, title, construct: constructOf(id), lines: [], frames: [], cards: [] };
    return there ?? (parent.frames.push(frame), frame);
  }, root);
}

/** The types in a card, each once with its number; what Kubernetes gets comes after what brings it. */
function lines(inside: readonly Element[]): Line[] {
  const ofTypes = inside.map(({ type }) => ({ text: vendorName(type), kind: kindOf(type) }));
  const rank = ({ kind }: KubernetesObject) => (WORKLOAD.test(kind) ? 0 : 1);
  const objects = inside.flatMap((element) => element.objects).sort((one, other) => rank(one) - rank(other));
  const ofObjects = objects.map(({ kind }) => ({ text: kind, kind: Kind.KUBERNETES }));
  const all = [...ofTypes, ...ofObjects].sort((one, other) => KINDS_IN_ORDER.indexOf(one.kind) - KINDS_IN_ORDER.indexOf(other.kind));
  return [...new Set(all.map(({ text }) => text))].map((text) => {
    const [first, ...more] = all.filter((line) => line.text === text);
    return more.length > 0 ? { ...first, text: `${more.length + 1} × ${text}` } : first;
  });
}

function useArrows(elements: readonly Element[], places: Places): Arrow[] {
  const groups = new Set(elements.filter(({ type }) => GROUP.test(type)).map(({ id }) => id));
  const uses = elements.flatMap(({ id, references }) => references.filter((other) => !groups.has(other)).map((other) => ({ from: id, to: other })));
  return arrows(uses, places);
}

function grantArrows(elements: readonly Element[], places: Places): Arrow[] {
  return arrows(elements.flatMap(({ grant }) => (grant?.principals ?? [])
    .flatMap((from) => grant!.scopes.map((to) => ({ from, to, label: grant!.role })))), places);
}

/** From element to element, as it looks from card to card. */
function arrows(all: readonly Arrow[], places: Places): Arrow[] {
  const found = all.flatMap(({ from, to, label }) => {
    const [start, end] = [places.card(from), places.card(to)];
    return start !== undefined && end !== undefined && start !== end ? [{ from: start, to: end, label }] : [];
  });
  return [...new Map(found.map((arrow) => [JSON.stringify(arrow), arrow])).values()];
}
