import { Token } from 'cdktf';
import { definedEntries } from './literals';
import { NGINX, oldNginxOf } from './nginx-places';
import { isSection, isSingleKey, OmnibusSettings, Section } from './omnibus-settings';

/** What has to be written in different ways. */
export interface SplitSettings {
  readonly singles: [string, unknown][];
  readonly sections: { [name: string]: Section };
  /** Sections whose keys only the apply knows; one within a section is `registry.nginx`. */
  readonly references: [string, unknown][];
}

export function splitSettings(settings: OmnibusSettings): SplitSettings {
  const given = definedEntries(settings);
  const sections: { [name: string]: Section } = {};
  const nested: [string, unknown][] = [];
  for (const [name, section] of given.filter((entry): entry is [string, Section] => isSection(entry[1]))) {
    const { [NGINX]: nginx, ...others } = section;
    const referenced = oldNginxOf(name) !== undefined && Token.isUnresolved(nginx);
    sections[name] = referenced ? others : section;
    nested.push(...referenced ? [[`${name}.${NGINX}`, nginx] as [string, unknown]] : []);
  }
  return {
    singles: given.filter((entry) => !isSection(entry[1]) && !isReferencedSection(entry)),
    sections,
    references: [...given.filter(isReferencedSection), ...nested],
  };
}

/** A section whose keys only the apply knows. */
function isReferencedSection([name, value]: [string, unknown]): boolean {
  return !isSingleKey(name) && Token.isUnresolved(value);
}
