// Microsoft.AlertsManagement: what Azure tells of alerts that have fired. It looks at metric alerts on pending pods alone, as they are in its books, and at the pods
// of the real API server. A minute is a second. Not checked: other rules, whether anybody is told.
import { Kubernetes } from './kubernetes';
import { Arm } from '../../apply/azure/core';

const METRIC = 'kube_pod_status_phase';

export class FiredAlerts {
  /** When the stand-in first saw a pod wait. */
  private readonly since = new Map<string, number>();
  private readonly fired = new Map<string, 'Fired' | 'Resolved'>();

  constructor(private readonly arm: Arm, private readonly kubernetes: Kubernetes) {}

  async answer(): Promise<{ readonly value: readonly unknown[] }> {
    const { body } = await this.kubernetes.api.call('GET', '/api/v1/pods?fieldSelector=status.phase%3DPending');
    const pending: string[] = body.items.map(({ metadata }: any) => metadata.uid);
    [...this.since.keys()].filter((uid) => !pending.includes(uid)).forEach((uid) => this.since.delete(uid));
    pending.filter((uid) => !this.since.has(uid)).forEach((uid) => this.since.set(uid, Date.now()));
    for (const { id, properties } of this.arm.list('Microsoft.Insights/metricAlerts')) {
      const [{ metricName, threshold, dimensions }] = properties.criteria.allOf;
      const isOfPending = metricName === METRIC && dimensions.some(({ name, values }: any) => name === 'phase' && values.includes('Pending'));
      const holds = properties.enabled && isOfPending && [...this.since.values()].some((start) => Date.now() - start >= threshold * 1000);
      if (holds) {
        this.fired.set(id, 'Fired');
      } else if (this.fired.has(id) && properties.autoMitigate) {
        this.fired.set(id, 'Resolved');
      }
    }
    return { value: [...this.fired].map(([alertRule, monitorCondition]) => ({ properties: { essentials: { alertRule, monitorCondition } } })) };
  }
}
