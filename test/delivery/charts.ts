import { ApiObject, App as Cdk8sApp, Chart } from 'cdk8s';

export const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'ci' } };
export const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } };

export function chart(namespace?: string, ...objects: any[]): Chart {
  const made = new Chart(new Cdk8sApp(), 'chart', { namespace });
  objects.forEach((object, index) => new ApiObject(made, `object-${index}`, object));
  return made;
}
