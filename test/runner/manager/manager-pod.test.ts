import * as fs from 'fs';
import { scriptPath } from '../../../src/assets';
import { GitLabRunnerChart, GitLabRunnerChartProps, RunnerPodMonitor } from '../../../src/runner';
import { newChart, object, pod, runner } from '../chart';

describe('the manager\'s pod', () => {
  test('runs without rights on a read-only file system', () => {
    const { spec } = pod(newChart());
    expect(spec.securityContext).toEqual({
      runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65533, fsGroup: 65533, seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const container of [...spec.containers, ...spec.initContainers]) {
      expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true });
      expect(container.image).toBe('registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v19.4.0');
      expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'ephemeral-storage', 'memory']);
      expect(Object.keys(container.resources.limits)).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    }
  });

  test('keeps the secrets to the sidecar, which renders config.toml into memory before the runner starts', () => {
    const { spec } = pod(newChart());
    const [sidecar] = spec.initContainers;
    const [manager] = spec.containers;
    expect(sidecar.restartPolicy).toBe('Always');
    expect(sidecar.startupProbe.exec.command).toEqual(['test', '-s', '/etc/gitlab-runner/config.toml']);
    expect(sidecar.volumeMounts).toContainEqual({ name: 'token-0', mountPath: '/secrets/token-0', readOnly: true });
    expect(manager.volumeMounts.map((mount: any) => mount.name)).toEqual(['config-map', 'config', 'home', 'tmp', 'api-access']);
    expect(manager.volumeMounts[1]).toEqual({ name: 'config', mountPath: '/etc/gitlab-runner', readOnly: true });
    expect(spec.volumes).toContainEqual({ name: 'config', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } });
    expect(JSON.stringify(spec)).not.toContain('subPath');
  });

  test('shows the token of the Kubernetes API to the runner alone', () => {
    const { spec } = pod(newChart());
    const [manager] = spec.containers;
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.volumes.filter(({ projected }: any) => projected)).toEqual([{
      name: 'api-access',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        ],
      },
    }]);
    expect(manager.volumeMounts.at(-1)).toEqual({ name: 'api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
    expect(JSON.stringify(spec.initContainers)).not.toContain('api-access');
  });

  test('stops gracefully and is never without a manager', () => {
    const chart = newChart({ gracefulStopSeconds: 7200 });
    const { spec } = pod(chart);
    expect(spec.terminationGracePeriodSeconds).toBe(7200);
    expect(spec.containers[0].command).toEqual(['sh', '/config/start-runner.sh']);
    expect(spec.containers[0].args[0]).toBe('run');
    expect(spec.containers[0].lifecycle).toBeUndefined();
    expect(object(chart, 'ConfigMap').data['start-runner.sh']).toBe(fs.readFileSync(scriptPath('runner', 'start-runner.sh'), 'utf8'));
    expect(object(chart, 'Deployment').spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(object(chart, 'Deployment').spec.replicas).toBe(1);
  });

  test('is probed at itself, not at GitLab', () => {
    const [manager] = pod(newChart()).spec.containers;
    expect([manager.startupProbe.tcpSocket, manager.readinessProbe.httpGet, manager.livenessProbe.httpGet]).toEqual([
      { port: 'metrics' }, { path: '/metrics', port: 'metrics' }, { path: '/metrics', port: 'metrics' },
    ]);
    const verified = newChart({ bootVerificationEnabled: true, pollTimeoutSeconds: 900 });
    expect(pod(verified).spec.containers[0].readinessProbe.httpGet.path).toBe('/health/ready');
    expect(pod(verified).spec.containers[0].livenessProbe.httpGet.path).toBe('/metrics');
    expect(runner(verified).experimental).toEqual({ boot_verify: { enabled: true, timeout: '1200s' } });
    expect(verified.startTimeoutSeconds).toBe(2100);
  });

  test('lands on system nodes if there are some, and never on spot nodes', () => {
    const { spec } = pod(newChart());
    expect(spec.tolerations).toEqual([{ key: 'CriticalAddonsOnly', operator: 'Exists' }]);
    expect(spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: 'kubernetes.azure.com/scalesetpriority', operator: 'NotIn', values: ['spot'] }] },
    ]);
    expect(spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions).toEqual([
      { key: 'kubernetes.azure.com/mode', operator: 'In', values: ['system'] },
    ]);
  });

  test('has one system id over restarts and changes, and another than its neighbours', () => {
    const id = (chart: GitLabRunnerChart) => pod(chart).spec.initContainers[0].env.find(({ name }: any) => name === 'SYSTEM_ID').value;
    expect(id(newChart())).toMatch(/^[sr]_[0-9A-Za-z]{12}$/);
    expect(id(newChart({ concurrent: 3 }))).toBe(id(newChart()));
    expect(id(newChart({ namespace: 'other' }))).not.toBe(id(newChart()));
  });

  test('is replaced when its configuration changes, but not for what it has not got', () => {
    const checksum = (props: Partial<GitLabRunnerChartProps>) => pod(newChart(props)).metadata.annotations['checksum/config'];
    expect(checksum({})).toBe(checksum({}));
    expect(checksum({ concurrent: 11 })).not.toBe(checksum({}));
    expect(checksum({ podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR })).toBe(checksum({}));
  });

  test('takes what is given for it', () => {
    const { spec, metadata } = pod(newChart({
      managerImage: 'example.azurecr.io/runner:1',
      managerUserId: 999,
      managerResources: { memoryRequest: '1Gi', cpuLimit: '50m' },
      managerServiceAccount: { name: 'manager', podLabels: { team: 'ci' } },
    }));
    expect(spec.containers[0].image).toBe('example.azurecr.io/runner:1');
    expect(spec.securityContext.runAsUser).toBe(999);
    expect(spec.containers[0].resources).toEqual({
      requests: { 'cpu': '50m', 'memory': '1Gi', 'ephemeral-storage': '128Mi' }, limits: { 'cpu': '50m', 'memory': '1Gi', 'ephemeral-storage': '512Mi' },
    });
    expect(spec.serviceAccountName).toBe('manager');
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/name': 'gitlab-runner', 'team': 'ci' });
  });
});
