import { readFileSync } from 'fs';
import { join } from 'path';
import { TerraformVariable } from 'cdktf';
import { clusterOf, make } from './made';
import { AksAutoscalerProfile } from '../../src';
import { newStack, resource, synth } from '../synth';

const profileOf = (autoscalerProfile: AksAutoscalerProfile) => clusterOf({ autoscalerProfile }).auto_scaler_profile;

/** What AKS's own clusters answer with (Azure/AKS#4126), in azurerm's spelling. */
const AKS_DEFAULTS = {
  balance_similar_node_groups: false,
  daemonset_eviction_for_empty_nodes_enabled: false,
  daemonset_eviction_for_occupied_nodes_enabled: true,
  empty_bulk_delete_max: '10',
  expander: 'random',
  ignore_daemonsets_utilization_enabled: false,
  max_graceful_termination_sec: '600',
  max_node_provisioning_time: '15m',
  max_unready_nodes: 3,
  max_unready_percentage: 45,
  new_pod_scale_up_delay: '0s',
  scale_down_delay_after_add: '10m',
  scale_down_delay_after_delete: '10s',
  scale_down_delay_after_failure: '3m',
  scale_down_unneeded: '10m',
  scale_down_unready: '20m',
  scale_down_utilization_threshold: '0.5',
  scan_interval: '10s',
  skip_nodes_with_local_storage: false,
  skip_nodes_with_system_pods: true,
};

/** Each setting with another value than its default: how it is written here, and in azurerm. */
const SETTINGS: { readonly [setting in keyof Required<AksAutoscalerProfile>]: readonly [any, string, unknown] } = {
  balanceSimilarNodeGroupsEnabled: [true, 'balance_similar_node_groups', true],
  daemonsetEvictionForEmptyNodesEnabled: [true, 'daemonset_eviction_for_empty_nodes_enabled', true],
  daemonsetEvictionForOccupiedNodesEnabled: [false, 'daemonset_eviction_for_occupied_nodes_enabled', false],
  maxEmptyBulkDelete: [50, 'empty_bulk_delete_max', '50'],
  expander: ['least-waste', 'expander', 'least-waste'],
  ignoreDaemonsetsUtilizationEnabled: [true, 'ignore_daemonsets_utilization_enabled', true],
  maxGracefulTerminationSeconds: [7200, 'max_graceful_termination_sec', '7200'],
  maxNodeProvisioningMinutes: [5, 'max_node_provisioning_time', '5m'],
  maxUnreadyNodes: [0, 'max_unready_nodes', 0],
  maxUnreadyPercent: [100, 'max_unready_percentage', 100],
  newPodScaleUpDelaySeconds: [30, 'new_pod_scale_up_delay', '30s'],
  scaleDownDelayAfterAddMinutes: [0, 'scale_down_delay_after_add', '0m'],
  scaleDownDelayAfterDeleteSeconds: [0, 'scale_down_delay_after_delete', '0s'],
  scaleDownDelayAfterFailureMinutes: [1, 'scale_down_delay_after_failure', '1m'],
  scaleDownUnneededMinutes: [30, 'scale_down_unneeded', '30m'],
  scaleDownUnreadyMinutes: [5, 'scale_down_unready', '5m'],
  scaleDownUtilizationThreshold: [0.7, 'scale_down_utilization_threshold', '0.7'],
  scanIntervalSeconds: [30, 'scan_interval', '30s'],
  skipNodesWithLocalStorageEnabled: [true, 'skip_nodes_with_local_storage', true],
  skipNodesWithSystemPodsEnabled: [false, 'skip_nodes_with_system_pods', false],
};

test('nothing is written unless it is asked for', () => {
  expect(clusterOf()).not.toHaveProperty('auto_scaler_profile');
});

test('a profile of no settings is AKS\'s own, with nothing left to what was set before', () => {
  expect(profileOf({})).toEqual(AKS_DEFAULTS);
});

test.each(Object.entries(SETTINGS))('%s changes its argument and nothing else', (setting, [value, argument, written]) => {
  const after = setting === 'scanIntervalSeconds' ? { scale_down_delay_after_delete: written } : {};
  expect(profileOf({ [setting]: value })).toEqual({ ...AKS_DEFAULTS, ...after, [argument]: written });
});

test('every argument of azurerm\'s has a setting', () => {
  const bindings = readFileSync(join(__dirname, '../../node_modules/@cdktf/provider-azurerm/lib/kubernetes-cluster/index.d.ts'), 'utf8');
  const [, block] = /export interface KubernetesClusterAutoScalerProfile \{([^]*?)\n\}/.exec(bindings)!;
  const known = [...block.matchAll(/kubernetes_cluster#(\w+) /g)].map(([, argument]) => argument);
  expect(Object.values(SETTINGS).map(([, argument]) => argument).sort()).toEqual(known.sort());
});

test('a delay after removals of its own does not follow the interval', () => {
  expect(profileOf({ scanIntervalSeconds: 30, scaleDownDelayAfterDeleteSeconds: 10 })).toMatchObject({ scan_interval: '30s', scale_down_delay_after_delete: '10s' });
});

test('numbers that only the apply knows keep their unit', () => {
  const stack = newStack();
  const { numberValue } = new TerraformVariable(stack, 'number', {});
  make({
    autoscalerProfile: {
      scaleDownUnneededMinutes: numberValue, scanIntervalSeconds: numberValue, scaleDownUtilizationThreshold: numberValue,
      maxUnreadyNodes: numberValue,
    },
  }, stack);
  expect(resource(synth(stack), 'azurerm_kubernetes_cluster').auto_scaler_profile).toMatchObject({
    scale_down_unneeded: '${var.number}m', scan_interval: '${var.number}s', scale_down_delay_after_delete: '${var.number}s',
    scale_down_utilization_threshold: '${var.number}', max_unready_nodes: '${var.number}',
  });
});

test.each<[AksAutoscalerProfile, string]>([
  [{ expander: 'price' }, 'expander: not a valid value, got "price"; give "random", "least-waste", "most-pods" or "priority"'],
  [{ expander: 'priority,least-waste' }, 'expander: not a valid value, got "priority,least-waste"; give "random", "least-waste", "most-pods" or "priority"'],
  [{ scaleDownUnneededMinutes: 0.5 }, 'scaleDownUnneededMinutes: out of range, got 0.5; give a whole number from 1 to 10080'],
  [{ scaleDownDelayAfterAddMinutes: -1 }, 'scaleDownDelayAfterAddMinutes: out of range, got -1; give a whole number from 0 to 10080'],
  [{ scanIntervalSeconds: 0 }, 'scanIntervalSeconds: out of range, got 0; give a whole number from 1 to 3600'],
  [{ scaleDownUtilizationThreshold: 50 }, 'scaleDownUtilizationThreshold: out of range, got 50; give a number from 0 to 1'],
  [{ scaleDownUtilizationThreshold: NaN }, 'scaleDownUtilizationThreshold: out of range, got NaN; give a number from 0 to 1'],
  [{ maxEmptyBulkDelete: 0 }, 'maxEmptyBulkDelete: out of range, got 0; give a whole number from 1 to 5000'],
  [{ maxUnreadyPercent: 101 }, 'maxUnreadyPercent: out of range, got 101; give a whole number from 0 to 100'],
  [{ scaleDownUnneeded: '10m' } as any, 'scaleDownUnneeded: no such prop, got "10m"; write scaleDownUnneededMinutes, or leave it out'],
])('%j is refused', (autoscalerProfile, message) => {
  expect(() => clusterOf({ autoscalerProfile })).toThrow(new Error(`autoscalerProfile.${message} (at Test/Cluster)`));
});
