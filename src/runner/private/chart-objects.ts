import { ApiObject, ApiObjectProps, Chart, JsonPatch } from 'cdk8s';
import { AccountPlan } from '../manager/manager-plan';

/** An object without a namespace, which cdk8s would give it. */
export function clusterObject(chart: Chart, id: string, props: ApiObjectProps): ApiObject {
  const object = new ApiObject(chart, id, props);
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}

/** Nothing where somebody else makes the account. */
export function serviceAccount(chart: Chart, id: string, { name, create, annotations }: AccountPlan, namespace: string): ApiObject | undefined {
  return create ? new ApiObject(chart, id, {
    apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations }, automountServiceAccountToken: false,
  }) : undefined;
}
