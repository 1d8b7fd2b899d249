import { rubyText } from './literals';
import { omnibusKeys } from './omnibus-keys';
import { isSection, Section } from './omnibus-settings';

import { GitLabVersion } from '../gitlab-version';

/**
 * Until 19.2 the settings of GitLab's own web server were in sections of their own, such as `registry_nginx`; since then they are in the
 * `nginx` of the section whose pages they serve, such as `registry['nginx']`. What concerns all pages stays in `nginx`. Both spellings are
 * taken, and each key is written where the wanted version reads it.
 */
interface Move {
  /** The section of its own, such as `registry_nginx`. */
  readonly old: string;
  /** The section whose `nginx` it is now, such as `registry`. */
  readonly holder: string;
}

export const NGINX = 'nginx';

/** The section of its own that a section's `nginx` was before, if it has one. */
export function oldNginxOf(holder: string): string | undefined {
  return moves().find((move) => move.holder === holder)?.old;
}

/** Where a key of nginx is read: a section, or the `nginx` of one, as `registry.nginx`. A key that nobody knows stays where it was written. */
export function nginxPlace(section: string, key: string, version: GitLabVersion): string {
  const move = moveOf(section);
  if (!move) {
    return section;
  }
  const { old, holder } = move;
  const { moved, keys } = omnibusKeys().sections.get(old)!;
  if (!version._reaches(moved!.version)) {
    return old;
  }
  // where no key is marked, all have moved.
  const place = old === NGINX ? keys.get(key.split('.')[0])?.place : 'moved';
  const nested = `${holder}.${NGINX}`;
  return place === undefined || place === 'shared' ? section : place === 'moved' ? nested : old;
}

/** Sections by the places at which the wanted version reads them; one within a section is `registry.nginx`. */
export function placed(sections: { readonly [name: string]: Section }, version: GitLabVersion): { [place: string]: Section } {
  const places: { [place: string]: Section } = {};
  for (const [name, section] of Object.entries(sections)) {
    for (const [key, value] of Object.entries(section)) {
      const nested = key === NGINX && oldNginxOf(name) !== undefined;
      const from = nested ? `${name}.${NGINX}` : name;
      Object.entries(nested ? isSection(value) ? value : {} : { [key]: value }).forEach(([setting, item]) => {
        const place = nginxPlace(from, setting, version);
        places[place] = { ...places[place], [setting]: item };
      });
    }
  }
  return places;
}

/** What Ruby calls a place. */
export function rubyPlace(place: string): string {
  return place.replace(/\.(\w+)$/, '[\'$1\']');
}

/** Ruby that finds the place of a key which only the apply knows, from its name in `key`. */
export function rubyPlaceOf(section: string, version: GitLabVersion): string {
  const move = moveOf(section);
  const home = nginxPlace(section, '', version);
  if (!move) {
    return rubyPlace(section);
  }
  const elsewhere = [...omnibusKeys().sections.get(move.old)!.keys.keys()].filter((key) => !key.includes('.') && nginxPlace(section, key, version) !== home);
  return elsewhere.length === 0
    ? rubyPlace(home)
    : `(${rubyText(elsewhere)}.include?(key) ? ${rubyPlace(nginxPlace(section, elsewhere[0], version))} : ${rubyPlace(home)})`;
}

let known: readonly Move[] | undefined;

function moves(): readonly Move[] {
  return known ??= [...omnibusKeys().sections.values()].flatMap(({ name, moved }) => moved ? [{ old: name, holder: moved.holder }] : []);
}

function moveOf(section: string): Move | undefined {
  return moves().find(({ old, holder }) => section === old || section === `${holder}.${NGINX}`);
}
