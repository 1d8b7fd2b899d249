import { Found } from '../finding';
import { Machines } from '../machines';
import { answered, byPlace, Check } from '../question';

export const SIZES: Check = {
  name: 'size',
  async run({ azure, machines }) {
    const places = byPlace(machines, ({ resource, location }) => [resource.subscriptionId, location]);
    const found = await Promise.all(places.map(({ place: [subscription, location], all }) => answered(`VM sizes in ${location}`, async () => {
      const skus = await azure.skus(subscription, location);
      return byPlace(all, ({ size, zones }) => [size, zones.join()]).map(({ all: alike }) => verdict(alike, location, skus));
    })));
    return found.flat();
  },
};

function verdict(alike: readonly Machines[], location: string, skus: readonly any[]): Found {
  const [{ size, zones }] = alike;
  const place = `${size} in ${location}${zones.length > 0 ? ` in ${inWords(zones)}` : ''}`;
  const told = `${place}, for ${alike.map(({ resource }) => resource.path.slice(0, -1).join('/')).join(', ')}`;
  const sku = skus.find(({ name }) => name.toLowerCase() === size!.toLowerCase());
  if (!sku) {
    return { state: 'refused', what: `${told}: Azure has no such size there`, remedy: instead(size!, skus) };
  }
  const restrictions: readonly any[] = sku.restrictions ?? [];
  const whole = restrictions.find(({ type }) => type === 'Location');
  if (whole) {
    return { state: 'refused', what: `${told}: closed to this subscription (${whole.reasonCode})`, remedy: instead(size!, skus) };
  }
  const offered: readonly string[] = sku.locationInfo?.[0]?.zones ?? [];
  const closed = restrictions.filter(({ type }) => type === 'Zone').flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
  const wrong = zones.filter((zone) => !offered.includes(zone) || closed.includes(zone));
  if (wrong.length > 0) {
    const open = offered.filter((zone) => !closed.includes(zone));
    return {
      state: 'refused', what: `${told}: none for this subscription in ${inWords(wrong)}`,
      remedy: open.length > 0 ? `take ${inWords(open.sort())}, or no zones` : 'take no zones, or another size',
    };
  }
  return { state: 'ok', what: place };
}

function inWords(zones: readonly string[]): string {
  return `zone${zones.length > 1 ? 's' : ''} ${zones.join(', ')}`;
}

/** A size as large that nothing keeps this subscription from. */
function instead(size: string, skus: readonly any[]): string {
  const [wanted] = /\d+/.exec(size) ?? [];
  const open = skus.filter(({ name, restrictions }) => /^Standard_D\d+a?s_v\d$/.test(name) && /\d+/.exec(name)![0] === wanted
    && !(restrictions ?? []).some(({ type }: any) => type === 'Location')).map(({ name }) => name).sort();
  return open.length > 0 ? `take one that is open, such as ${open.join(', ')}, or another location` : 'take another size or location, or ask Azure\'s support for access to this one';
}
