import { Fn, TerraformCount, TerraformIterator, Token } from 'cdktf';
import { SelfHostedGitLab } from '../../src';
import { newStack } from '../synth';

const LOCATION = 'koreacentral';
const list = TerraformIterator.fromList(['a', 'b']);
const map = TerraformIterator.fromMap({ a: { name: 'b' } });
const problem = (prop: string) => `${prop}: a value of for_each or count, which only a resource with that argument knows, got `;
const remedy = '; make one construct for each in a loop of your program, with values that it knows (at Test/GitLab)';

test.each<[string, string, any]>([
  ['an element', 'location', { location: list.value }],
  ['an element as text', 'virtualMachineName', { location: LOCATION, virtualMachineName: `gitlab-${Token.asString(list.value)}` }],
  ['a key', 'zone', { location: LOCATION, zone: map.key }],
  ['an attribute of an element', 'tags', { location: LOCATION, tags: { owner: map.getString('name') } }],
  ['one of a list', 'webAllowedCidrs', { location: LOCATION, webAllowedCidrs: ['10.0.0.0/8', Token.asString(list.value)] }],
  ['within a function', 'dnsLabel', { location: LOCATION, dnsLabel: Token.asString(Fn.lower(Token.asString(list.value))) }],
  ['a count', 'dataDiskSizeGb', { location: LOCATION, dataDiskSizeGb: TerraformCount.of(2).index }],
  ['a prop of a prop', 'backup.retentionDays', { location: LOCATION, backup: { retentionDays: TerraformCount.of(2).index } }],
  ['a setting of gitlab.rb', 'omnibusSettings.gitlab_rails.time_zone', { location: LOCATION, omnibusSettings: { gitlab_rails: { time_zone: list.value } } }],
])('%s of a loop of Terraform\'s is refused', (_, prop, props) => {
  const make = () => new SelfHostedGitLab(newStack(), 'GitLab', props);
  expect(make).toThrow(problem(prop));
  expect(make).toThrow(remedy);
});

test('what a loop of expressions makes of a list is taken', () => {
  const joined = Token.asString(Fn.join(',', Token.asList(list.forExpressionForList('val'))));
  expect(() => new SelfHostedGitLab(newStack(), 'GitLab', { location: LOCATION, tags: { owners: joined } })).not.toThrow();
});
