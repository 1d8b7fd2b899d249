import { Settings } from './settings';
import { LARGEST_DATA_BYTES, refuseAbove, textBytes } from '../../kubernetes/private/object-limits';
import { isPlainObject } from '../../private/rules/collections';
import { Subject } from '../../private/rules/subject';

/** Refuses a runner whose settings the ConfigMap of config.toml cannot hold, by the prop that takes most of it. */
export function refuseLargeConfig(where: Subject['where'], props: { readonly [prop: string]: Settings }): void {
  const sizes = Object.entries(props).map(([prop, settings]) => ({ prop, size: allTextBytes(settings) })).sort((one, other) => other.size - one.size);
  refuseAbove(LARGEST_DATA_BYTES, sizes.reduce((sum, { size }) => sum + size, 0), { where, prop: sizes[0].prop }, 'more than the ConfigMap of config.toml can hold',
    'keep long scripts and files in an image or a volume');
}

/** The text alone, which is all that can be long. */
function allTextBytes(value: unknown): number {
  const inner = Array.isArray(value) ? value : isPlainObject(value) ? Object.values(value) : [];
  return inner.reduce((sum: number, one) => sum + allTextBytes(one), textBytes(value));
}
