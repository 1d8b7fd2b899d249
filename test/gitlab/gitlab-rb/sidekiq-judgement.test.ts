import { Fn } from 'cdktf';
import { GitLabEdition, GitLabVersion } from '../../../src';
import { checkOmnibusSettings } from '../../../src/gitlab/gitlab-rb/omnibus-check';

const NOW = { version: GitLabVersion.V19_4, edition: GitLabEdition.CE };
const check = (sidekiq: any) => () => checkOmnibusSettings('Test', { sidekiq }, NOW, []);
const WAITS = 'whose jobs would wait for ever, got […]; add it to a group, or a group "*", or name it in uncheckedOmnibusKeys';
const RULES = [['feature_category=importers', 'imports'], ['*', 'default']];

test.each<[string, any, string]>([
  ['queues without mail', { queue_groups: ['default'] }, `queue_groups: without the queue "mailers", ${WAITS}`],
  ['queues without the rest', { queue_groups: ['mailers', 'imports'] }, `queue_groups: without the queue "default", ${WAITS}`],
  ['queues without one of a rule', { routing_rules: RULES, queue_groups: ['default,mailers'] }, `queue_groups: without the queue "imports", ${WAITS}`],
  ['rules that are no pairs', { routing_rules: ['*', 'default'] },
    'routing_rules[0]: not a pair of a query and a queue, so that GitLab passes over all rules, got "*"; give one such as ["feature_category=importers", "imports"]'],
  ['a rule with a word too many', { routing_rules: [['*', 'default', 'low']] },
    'routing_rules[0]: not a pair of a query and a queue, so that GitLab passes over all rules, got […]; give one such as ["feature_category=importers", "imports"]'],
])('is refused: %s', (_, settings, message) => {
  expect(check(settings)).toThrow(expect.objectContaining({ message: `omnibusSettings.sidekiq.${message} (at Test)` }));
});

test.each<[string, any]>([
  ['all queues', { queue_groups: ['*', '*'] }],
  ['GitLab\'s own by name', { queue_groups: ['default,mailers', 'default, mailers'] }],
  ['those of rules too', { routing_rules: RULES, queue_groups: ['imports', 'default,mailers'] }],
  ['a rule for a queue for each kind', { routing_rules: [['*', null]] }],
  ['queues that the apply knows', { queue_groups: ['default', Fn.upper('x')] }],
  ['rules that the apply knows', { routing_rules: Fn.tolist([]), queue_groups: ['*'] }],
  ['no groups', { concurrency: 10 }],
])('is taken: %s', (_, settings) => {
  expect(check(settings)).not.toThrow();
});
