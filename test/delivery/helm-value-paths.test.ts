// `helm --set` reads dots as a path; in values they are part of a name, which most charts do not know and none complains about.
import { make } from '../aks/made';
import { synth, warnings } from '../synth';

function told(values: { [key: string]: any }): string[] {
  const { stack, cluster } = make();
  cluster.addHelmChart('X', { chart: 'c', repository: 'https://charts.example.com', values });
  synth(stack);
  return warnings(stack).flatMap((warning) => /: values: (.*): --set reads dots .*; write (.*)/.exec(warning)?.slice(1) ?? []);
}

test.each<[string, { [key: string]: any }, string[]]>([
  ['a value within another', { 'controller.replicaCount': 2, 'rbac': { create: true } }, ['controller.replicaCount', '{ controller: { replicaCount: … } }']],
  ['two of them', { 'server.persistentVolume.enabled': false, 'alertmanager.enabled': false },
    ['server.persistentVolume.enabled, alertmanager.enabled', '{ server: { persistentVolume: { enabled: … } } }']],
  ['a dependency\'s', { 'prometheus-node-exporter.hostRootFsMount.enabled': false }, ['prometheus-node-exporter.hostRootFsMount.enabled', '{ \'prometheus-node-exporter\': { hostRootFsMount: { enabled: … } } }']],
  ['an item of a list', { 'ingress.hosts[0].host': 'a.example.com' }, ['ingress.hosts[0].host', '{ ingress: { hosts: [{ host: … }] } }']],
  ['an item alone', { 'args[0]': '--kubelet-insecure-tls' }, ['args[0]', '{ args: […] }']],
  ['a label with an escaped dot', { 'nodeSelector.kubernetes\\.io/os': 'linux' }, ['nodeSelector.kubernetes\\.io/os', '{ nodeSelector: { \'kubernetes.io/os\': … } }']],
])('a path of --set is told of: %s', (_, values, said) => {
  expect(told(values)).toEqual(said);
});

test.each<[string, { [key: string]: any }]>([
  ['a file', { 'grafana.ini': { server: { root_url: 'https://grafana.example.com' } }, 'loki.yaml': 'a: b' }],
  ['names further in', { configs: { params: { 'server.insecure': true } }, nodeSelector: { 'kubernetes.io/os': 'linux' }, sonarProperties: { 'sonar.forceAuthentication': true } }],
  ['a label at the top', { 'example.com/team': 'a' }],
])('what has dots of its own is not: %s', (_, values) => {
  expect(told(values)).toEqual([]);
});
