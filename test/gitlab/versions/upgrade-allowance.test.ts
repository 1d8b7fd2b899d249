import { GitLabVersion } from '../../../src';
import { named, parameters } from '../server';

test('upgrades are told the stops before the wanted version, and to walk only if asked', () => {
  const plain = parameters(named({ version: GitLabVersion.of('18.5.7') }).json, 'Gitlab');
  expect(plain.UPGRADE_STOPS).toBe('16.3 16.7 16.11 17.3 17.5 17.8 17.11 18.2');
  expect(plain).not.toHaveProperty('WALK');
  expect(parameters(named({ upgradeThroughStopsAllowed: true }).json, 'Gitlab').WALK).toBe('yes');
});
