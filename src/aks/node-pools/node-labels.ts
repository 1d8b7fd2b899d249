import { labelName, labelValue } from '../../kubernetes/private/rules';
import { mapSetting } from '../../private/rules/collections';
import { also, Rule } from '../../private/rules/rule';
import { refusal } from '../../private/rules/subject';

const OF_KUBERNETES = /^([^/]+\.)?(kubernetes\.azure\.com|kubernetes\.io|k8s\.io)\//;
/** Prefixes of Kubernetes' under which a kubelet may label its node, and AKS lets it. */
const FREE = /^([^/]+\.)?(node|kubelet)\.kubernetes\.io\//;
/** What AKS and the kubelet write themselves. */
const WRITTEN = ['agentpool', 'node.kubernetes.io/instance-type', 'node.kubernetes.io/windows-build'];

/**
 * Labels of a pool's nodes.
 * @see https://learn.microsoft.com/azure/aks/use-labels#reserved-prefixes
 */
export function nodeLabels(): Rule<{ [label: string]: string }> {
  const ofOnesOwn = also(labelName(), (subject, name) => {
    if (WRITTEN.includes(name) || (OF_KUBERNETES.test(name) && !FREE.test(name))) {
      throw refusal(subject, 'AKS reserves this label', name, 'use a prefix of your own');
    }
  });
  return mapSetting(ofOnesOwn, labelValue());
}
