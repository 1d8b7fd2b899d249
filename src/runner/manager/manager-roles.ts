import { ApiObject, ApiObjectProps, Chart, Lazy } from 'cdk8s';
import { ManagerPlan } from './manager-plan';
import { furtherNamespaces, PolicyRule, policyRules, RunnerFeatures } from './rbac';
import { clusterObject, serviceAccount } from '../private/chart-objects';

const API_GROUP = 'rbac.authorization.k8s.io';

/** The manager's rights: a role for the jobs' namespace and others that they may choose, or one for all. A runner that is added later may change that. */
export class ManagerRoles {
  private objects: ApiObject[] = [];
  private namespaces?: string;

  constructor(private readonly chart: Chart, private readonly name: string, private readonly manager: ManagerPlan) {}

  /** Makes what is missing for these runners; the rules themselves follow from them at synthesis. */
  public update(runners: () => RunnerFeatures[]): void {
    const { jobAccount, jobNamespace, namespace: own } = this.manager;
    const further = furtherNamespaces(runners(), jobNamespace);
    if (String(further) === this.namespaces) {
      return;
    }
    this.namespaces = String(further);
    this.objects.forEach((object) => this.chart.node.tryRemoveChild(object.node.id));
    if (further === 'any') {
      this.objects = this.createRole('ClusterRole', `${this.name}-${own}`, runners, (id, props) => clusterObject(this.chart, id, props));
      return;
    }
    this.objects = [jobNamespace, ...further].flatMap((namespace, index) => this.createRole('Role', this.name, runners, (id, { metadata, ...props }) =>
      new ApiObject(this.chart, index === 0 ? id : `${id}-${namespace}`, { ...props, metadata: { ...metadata, namespace } })));
    const { name, create } = jobAccount;
    const accounts = further.map((namespace) => serviceAccount(this.chart, `JobServiceAccount-${namespace}`, { name, create, podLabels: {} }, namespace));
    this.objects.push(...accounts.filter((account) => account !== undefined));
  }

  private createRole(
    kind: string, name: string, runners: () => RunnerFeatures[], create: (id: string, props: ApiObjectProps) => ApiObject,
  ): ApiObject[] {
    const apiVersion = `${API_GROUP}/v1`;
    const { account, namespace } = this.manager;
    return [
      create('Role', { apiVersion, kind, metadata: { name }, rules: Lazy.any({ produce: (): PolicyRule[] => policyRules(runners()) }) }),
      create('RoleBinding', {
        apiVersion,
        kind: `${kind}Binding`,
        metadata: { name },
        roleRef: { apiGroup: API_GROUP, kind, name },
        subjects: [{ kind: 'ServiceAccount', name: account.name, namespace }],
      }),
    ];
  }
}
