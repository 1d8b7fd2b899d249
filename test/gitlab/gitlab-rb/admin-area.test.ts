import { ADMIN_AREA } from '../../../src/gitlab/gitlab-rb/admin-area';
import { omnibusKeys } from '../../../src/gitlab/gitlab-rb/omnibus-keys';
import { HARDENING } from '../../../src/gitlab/hardening/hardening';
import { attempt, LOCATION } from '../server';

const made = (rails: object) => () => attempt({ location: LOCATION, omnibusSettings: { gitlab_rails: rails } });

test.each([
  ['signup_enabled', false, 'write hardening: { signupEnabled: … }, GitLab keeps it in its database'],
  ['session_expire_delay', 60, 'set it in the Admin area, or by the API: GitLab keeps it in its database'],
])('a setting of the Admin area is refused with where it belongs: %s', (key, value, remedy) => {
  expect(made({ [key]: value })).toThrow(new Error(`omnibusSettings.gitlab_rails.${key}: no such key of gitlab.rb, got ${value}; ${remedy} (at Test/GitLab)`));
});

test('none of them is a key of gitlab.rb, and each prop that they lead to is one', () => {
  const { keys } = omnibusKeys().sections.get('gitlab_rails')!;
  expect(Object.keys(ADMIN_AREA).filter((key) => keys.has(key))).toEqual([]);
  const props = Object.values(ADMIN_AREA).flatMap((remedy) => [.../hardening: \{ (\w+)/.exec(remedy)?.slice(1) ?? []]);
  expect(props.length).toBeGreaterThan(5);
  expect(props.filter((prop) => !(prop in HARDENING))).toEqual([]);
});
