import { Arrow, Card, Frame, Picture } from './picture';

/** From this many on, constructs that differ in nothing but their names are drawn once. */
const MANY = 3;

/** The picture with one of many alike constructs, which tells how many more there are: twenty runners look like one. */
export function withoutRepeats(picture: Picture): Picture {
  const dropped: string[] = [];
  const root = thinned(picture.root, picture.arrows, dropped);
  const left = (id: string) => !dropped.some((gone) => within(id, gone));
  return { ...picture, root, arrows: picture.arrows.filter(({ from, to }) => left(from) && left(to)) };
}

function thinned(frame: Frame, arrows: readonly Arrow[], dropped: string[]): Frame {
  const one = <T extends Card>(siblings: readonly T[]): T[] => {
    const groups = new Map<string, T[]>();
    siblings.forEach((sibling) => {
      const look = looks(sibling, arrows);
      groups.set(look, [...groups.get(look) ?? [], sibling]);
    });
    return [...groups.values()].flatMap((group) => {
      if (group.length < MANY) {
        return group;
      }
      const [first, ...more] = group;
      dropped.push(...more.map(({ id }) => id));
      return [{ ...first, more: more.length }];
    });
  };
  return { ...frame, frames: one(frame.frames).map((inner) => thinned(inner, arrows, dropped)), cards: one(frame.cards) };
}

/** All there is to see of a construct but its name. */
function looks({ id: own, title: name, ...rest }: Card | Frame, arrows: readonly Arrow[]): string {
  const relative = (id: string) => (within(id, own) ? id.slice(own.length) : `elsewhere ${id}`);
  const touching = arrows.filter(({ from, to }) => within(from, own) || within(to, own))
    .map(({ from, to, label }) => JSON.stringify([relative(from), relative(to), label])).sort();
  return JSON.stringify([rest, touching], (key, value) => {
    if (key === 'id') {
      return relative(value);
    }
    return key === 'title' && value === name ? 'its name' : value;
  });
}

function within(id: string, construct: string): boolean {
  return id === construct || id.startsWith(`${construct}/`);
}
