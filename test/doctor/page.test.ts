import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiServer } from './api-server';
import { cluster, HOUR, NOW, output, power, server } from './platform';
import { emptyFolder } from '../command/program';
import { SUBSCRIPTION, TENANT, withAz } from '../preflight/azure';

const ROOT = join(__dirname, '../..');

test('docs/doctor.md shows what is printed for the complete example after a bad week', async () => {
  const folder = emptyFolder();
  const example = spawnSync('node', ['--require', join(ROOT, 'node_modules/ts-node/register/transpile-only'), join(ROOT, 'examples/typescript/complete/main.ts')], {
    cwd: folder, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
  });
  expect(example).toMatchObject({ status: 0, stderr: '' });
  const objects = {
    '/api/v1/nodes': [{ metadata: { name: 'aks-system-0' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }],
    '/apis/apps/v1/deployments': [{
      metadata: { name: 'gitlab-runner', namespace: 'gitlab-runner', annotations: { 'meta.helm.sh/release-name': 'gitlab-runner-release', 'meta.helm.sh/release-namespace': 'default' } },
      spec: { replicas: 1, selector: { matchLabels: { 'app.kubernetes.io/instance': 'gitlab-runner' } } }, status: { readyReplicas: 1 },
    }],
  };
  const api = await ApiServer.start(() => objects);
  const { code, told } = await withAz(['doctor', join(folder, 'cdktf.out')], [
    { call: ['account show'], answer: { id: SUBSCRIPTION, name: 'Pay-As-You-Go', tenantId: TENANT, user: { name: 'ada@example.com' } } }, cluster(), power('running'),
    server(output({
      disk: ['/ 40 38000 9', '/srv/gitlab 88 15360 4'], backup: ['none'], patch: ['failed'], migrations: ['2 1'],
      runner: [`gitlab-runner-9dcb8dd2 active ${NOW - 5 * HOUR}`], version: ['ce 19.4.1 19.4.10'],
    })), ...api.answers,
  ]);
  await api.stop();
  expect(code).toBe(1);
  const [, shown] = /<!-- printed -->\n```console\n(.*?)^```$/ms.exec(readFileSync(join(ROOT, 'docs/doctor.md'), 'utf8'))!;
  expect(shown.split('\n')).toEqual([...told, '']);
});
