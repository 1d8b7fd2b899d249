import { isCompatible, isVersionConstraint, isWithin } from '../../src/private/version-constraint';

const OURS = '>= 4.81, < 6';

test.each([
  ['5.2.0', 'within'], ['= 5.2.0', 'within'], ['v5.2', 'within'], ['~> 5.2', 'within'], ['~> 4.81', 'within'], ['~> 4.81.0', 'within'], ['>=4.90,<5', 'within'],
  ['>= 4.81, < 6.0.0, != 5.1.0', 'within'], ['>= 4.81.1, < 5.9', 'within'],
  ['>= 4.0', 'overlaps'], ['~> 4.0', 'overlaps'], ['~> 4', 'overlaps'], ['> 3, < 5', 'overlaps'], ['!= 5.1.0', 'overlaps'], ['>= 5.0', 'overlaps'], ['< 7', 'overlaps'],
  ['4.55.0', 'apart'], ['~> 4.80.0', 'apart'], ['~> 3.117', 'apart'], ['>= 6', 'apart'], ['< 4.81', 'apart'], ['6.0.0', 'apart'], ['> 4.81, < 4.81', 'apart'],
])('%s is %s of what we ask for', (constraint, expected) => {
  const found = isWithin(constraint, OURS) && isCompatible(constraint, OURS) ? 'within' : isCompatible(constraint, OURS) ? 'overlaps' : 'apart';
  expect(found).toBe(expected);
});

test.each(['5.2.0', ' >= 4.81 , < 6 ', '~>5', '= 5.0.0-beta1', '!= 5.1.0'])('%s is a constraint', (constraint) => {
  expect(isVersionConstraint(constraint)).toBe(true);
});

test.each(['', 'latest', '^5.0', '5.x', '>= 4 < 5', '5.2.0.1', '>= 4.81,', '~5'])('"%s" is no constraint', (constraint) => {
  expect(isVersionConstraint(constraint)).toBe(false);
});
