// The day of a release in the bundle, by which the library knows how old it is.
const PLACE = /(RELEASED_ON\s*=\s*)"unreleased"/g;

export function stampDay(bundle, day) {
  const places = bundle.match(PLACE)?.length ?? 0;
  if (places !== 1) {
    throw new Error(`the bundle has ${places} places for the day of its release, and should have one`);
  }
  return bundle.replace(PLACE, `$1"${day}"`);
}
