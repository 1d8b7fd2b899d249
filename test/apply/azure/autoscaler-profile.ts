// The profile of a managed cluster's autoscaler: what AKS takes, and what it answers with. Its texts are texts, numbers and most switches too.
// Not checked: what the settings do. Azure has no profile before a pool scales or somebody gives one; here each cluster has one.
import { AzureError } from './azure-error';

/** As clusters have it that nobody gave one: Azure/AKS#4126. */
const DEFAULTS = {
  'balance-similar-node-groups': 'false',
  'daemonset-eviction-for-empty-nodes': false,
  'daemonset-eviction-for-occupied-nodes': true,
  'expander': 'random',
  'ignore-daemonsets-utilization': false,
  'max-empty-bulk-delete': '10',
  'max-graceful-termination-sec': '600',
  'max-node-provision-time': '15m',
  'max-total-unready-percentage': '45',
  'new-pod-scale-up-delay': '0s',
  'ok-total-unready-count': '3',
  'scale-down-delay-after-add': '10m',
  'scale-down-delay-after-delete': '10s',
  'scale-down-delay-after-failure': '3m',
  'scale-down-unneeded-time': '10m',
  'scale-down-unready-time': '20m',
  'scale-down-utilization-threshold': '0.5',
  'scan-interval': '10s',
  'skip-nodes-with-local-storage': 'false',
  'skip-nodes-with-system-pods': 'true',
};

/** The patterns that the operator of Cluster API for Azure has for its fields; MicrosoftDocs/azure-docs#123289 shows what Azure says of others. */
const PATTERNS: { readonly [setting: string]: RegExp } = {
  'balance-similar-node-groups': /^(true|false)$/,
  'expander': /^(least-waste|most-pods|priority|random)$/,
  'max-empty-bulk-delete': /^[1-9]\d*$/,
  'max-graceful-termination-sec': /^\d+$/,
  'max-node-provision-time': /^\d+m$/,
  'max-total-unready-percentage': /^(100|\d\d?)$/,
  'new-pod-scale-up-delay': /^\d+[smh]$/,
  'ok-total-unready-count': /^\d+$/,
  'scale-down-delay-after-add': /^\d+m$/,
  'scale-down-delay-after-delete': /^\d+s$/,
  'scale-down-delay-after-failure': /^\d+m$/,
  'scale-down-unneeded-time': /^\d+m$/,
  'scale-down-unready-time': /^\d+m$/,
  'scale-down-utilization-threshold': /^(0?\.\d+|[01])$/,
  'scan-interval': /^\d+s$/,
  'skip-nodes-with-local-storage': /^(true|false)$/,
  'skip-nodes-with-system-pods': /^(true|false)$/,
};

type Profile = { readonly [setting: string]: unknown };

export function checkAutoscalerProfile(profile: Profile = {}): void {
  const wrong = Object.entries(given(profile)).find(([setting, value]) => {
    const pattern = PATTERNS[setting];
    return pattern ? typeof value !== 'string' || !pattern.test(value) : typeof value !== 'boolean' || !(setting in DEFAULTS);
  });
  if (wrong) {
    throw new AzureError(400, 'InvalidParameter', `Invalid value specified for the cluster-autoscaler parameter '${wrong[0]}'. Please refer to https://aka.ms/cluster-autoscaler for more details.`);
  }
}

/** What a cluster answers with: whatever was not given has AKS's default. */
export function autoscalerProfile(profile: Profile = {}): Profile {
  return { ...DEFAULTS, ...given(profile) };
}

/** An empty text is one that was left out. */
function given(profile: Profile): Profile {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== '' && value !== null && value !== undefined));
}
