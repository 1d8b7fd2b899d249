import { Construct } from 'constructs';
import { checkMaintenanceWindow } from './maintenance';
import { checkNodeShape, number } from './node-pools';
import { checkInstance, checkKind, checkTextMap, checkTexts } from './prop-checks';
import { checkShape } from './release-checks';
import { refuseBurstable } from './vm-size';
import { checkArmId, checkLocation, checkOneOf, checkUuid, known, Subject } from '../../private/checks';
import { checkAllowedCidrs, checkCidr, contains, overlaps } from '../../private/cidr';
import { checkStack } from '../../private/stack-check';
import { ValidationError } from '../../private/validation-error';
import { AksAuditLogs } from '../aks-audit-logs';
import { AksClusterAttributes, AksClusterProps, AksPreset, AksSkuTier, AksUpgradeChannel } from '../aks-cluster-props';
import { ApiServerAccess } from '../api-server-access';
import { KubernetesVersion } from '../kubernetes-version';
import { ManifestDelivery } from '../manifest-delivery';

const RESOURCE_GROUP_NAME = /^(?=.{1,90}$)[\w.()-]*[\w()-]$/;
const CLUSTER_NAME = /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/;
const IPV4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/;

/** The network's blocks with their defaults in place. */
export interface NetworkCidrs {
  readonly virtualNetworkCidr: string;
  readonly subnetCidr: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly dnsServiceIp: string;
}

/** Everything that can be wrong with one prop by itself. */
export function checkClusterProps(where: Construct, props: AksClusterProps): void {
  const at = (prop: string): Subject => ({ where, prop });
  checkStack(where);
  checkKind(at('props'), props, 'an object', true);
  checkKind(at('location'), props.location, 'text', true);
  checkLocation(at('location'), props.location);
  checkOneOf(at('preset'), props.preset, Object.values(AksPreset));
  checkResourceGroup(where, props);
  checkShape(at('clusterName'), props.clusterName, false, CLUSTER_NAME, 'not a cluster name',
    'give up to 63 letters, digits, "-" and "_", a letter or digit at both ends');
  checkVersion(where, props);
  checkMaintenanceWindow(at('maintenanceWindow'), props.maintenanceWindow);
  checkMaintenanceWindow(at('nodeOsMaintenanceWindow'), props.nodeOsMaintenanceWindow);
  checkOneOf(at('skuTier'), props.skuTier, Object.values(AksSkuTier));
  checkInstance(at('apiServerAccess'), props.apiServerAccess, ApiServerAccess, 'give one of ApiServerAccess\'s methods, such as ApiServerAccess.publicEndpoint()');
  checkInstance(at('manifestDelivery'), props.manifestDelivery, ManifestDelivery,
    'give one of ManifestDelivery\'s methods, such as ManifestDelivery.helmRelease()');
  checkSystemNodePool(where, props);
  checkKind(at('jobNodePoolEnabled'), props.jobNodePoolEnabled, 'true or false');
  checkKind(at('jobNodePool'), props.jobNodePool, 'an object');
  if (props.jobNodePoolEnabled === false && props.jobNodePool !== undefined) {
    throw new ValidationError(where, {
      prop: 'jobNodePoolEnabled', problem: 'no pool for CI jobs, but jobNodePool says what it is made of', got: false, remedy: 'leave one of the two out',
    });
  }
  checkObjectIds(at('administratorObjectIds'), props.administratorObjectIds);
  checkObjectIds(at('deployerObjectIds'), props.deployerObjectIds);
  checkMonitoring(where, props);
  number(at('imageCleanerIntervalHours'), props.imageCleanerIntervalHours, 24, 2160);
  checkTags(at('tags'), props.tags);
  checkKind(at('preventDestroy'), props.preventDestroy, 'true or false');
}

export function checkAttributes(where: Construct, attributes: AksClusterAttributes): void {
  const at = (prop: string): Subject => ({ where, prop });
  checkStack(where);
  checkKind(at('attributes'), attributes, 'an object', true);
  checkShape(at('clusterName'), attributes.clusterName, true, CLUSTER_NAME, 'not a cluster name',
    'give up to 63 letters, digits, "-" and "_", a letter or digit at both ends');
  checkShape(at('resourceGroupName'), attributes.resourceGroupName, true, RESOURCE_GROUP_NAME, 'not a resource group name',
    'give up to 90 letters, digits, ".", "_", "-" and parentheses, no "." at the end');
  checkKind(at('subnetId'), attributes.subnetId, 'text');
  checkArmId(at('subnetId'), attributes.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkShape(at('egressIpAddress'), attributes.egressIpAddress, false, IPV4, 'not an IPv4 address', 'give an address such as "203.0.113.7"');
  checkKind(at('jobNodePool'), attributes.jobNodePool, 'an object');
  checkInstance(at('manifestDelivery'), attributes.manifestDelivery, ManifestDelivery,
    'give one of ManifestDelivery\'s methods, such as ManifestDelivery.helmRelease()');
}

/** The blocks, each by itself and against the others. */
export function checkNetwork(where: Construct, props: AksClusterProps, cidrs: NetworkCidrs): void {
  const at = (prop: string): Subject => ({ where, prop });
  checkKind(at('subnetId'), props.subnetId, 'text');
  checkArmId(at('subnetId'), props.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  block(at('virtualNetworkCidr'), props.virtualNetworkCidr, 8, 28);
  block(at('subnetCidr'), props.subnetCidr, 16, 28);
  checkAllowedCidrs(at('loadBalancerAllowedCidrs'), props.loadBalancerAllowedCidrs);
  block(at('podCidr'), props.podCidr, 9, 20);
  block(at('serviceCidr'), props.serviceCidr, 12, 27);
  checkShape(at('dnsServiceIp'), props.dnsServiceIp, false, IPV4, 'not an IPv4 address', 'give an address such as "10.0.0.10"');
  if (props.subnetId !== undefined) {
    for (const prop of ['virtualNetworkCidr', 'subnetCidr', 'loadBalancerAllowedCidrs'] as const) {
      if (props[prop] !== undefined) {
        throw new ValidationError(where, { prop, problem: 'no network is made where subnetId names one', got: props[prop], remedy: `leave ${prop} or subnetId out` });
      }
    }
  } else {
    refuseUnless(contains(cidrs.virtualNetworkCidr, cidrs.subnetCidr), at('subnetCidr'), `not inside virtualNetworkCidr (${cidrs.virtualNetworkCidr})`, cidrs.subnetCidr);
    refuseUnless(!overlaps(cidrs.virtualNetworkCidr, cidrs.podCidr), at('podCidr'), `overlaps virtualNetworkCidr (${cidrs.virtualNetworkCidr})`, cidrs.podCidr);
    refuseUnless(!overlaps(cidrs.virtualNetworkCidr, cidrs.serviceCidr), at('serviceCidr'), `overlaps virtualNetworkCidr (${cidrs.virtualNetworkCidr})`, cidrs.serviceCidr);
  }
  refuseUnless(!overlaps(cidrs.podCidr, cidrs.serviceCidr), at('serviceCidr'), `overlaps podCidr (${cidrs.podCidr})`, cidrs.serviceCidr);
  checkDnsAddress(at('dnsServiceIp'), cidrs);
}

function checkDnsAddress(subject: Subject, { dnsServiceIp, serviceCidr }: NetworkCidrs): void {
  if (!known(dnsServiceIp) || !known(serviceCidr)) {
    return;
  }
  refuseUnless(contains(serviceCidr, `${dnsServiceIp}/32`), subject, `not inside serviceCidr (${serviceCidr})`, dnsServiceIp);
  const [network, prefix] = serviceCidr.split('/');
  const offset = toNumber(dnsServiceIp) - toNumber(network);
  refuseUnless(offset > 1 && offset < 2 ** (32 - Number(prefix)) - 1, subject, 'one of the addresses that serviceCidr keeps for itself', dnsServiceIp);
}

/** The address `offset` places into a block; undefined where the block is not known yet. */
export function addressIn(cidr: string, offset: number): string | undefined {
  if (!known(cidr) || typeof cidr !== 'string') {
    return undefined;
  }
  const address = toNumber(cidr.split('/')[0]) + offset;
  return [3, 2, 1, 0].map((place) => Math.floor(address / 256 ** place) % 256).join('.');
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function refuseUnless(fits: boolean, subject: Subject, problem: string, got: string): void {
  if (!fits) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem, got, remedy: 'choose another' });
  }
}

function block(subject: Subject, value: string | undefined, shortestPrefix: number, longestPrefix: number): void {
  checkKind(subject, value, 'text');
  checkCidr(subject, value, shortestPrefix, longestPrefix);
}

function checkResourceGroup(where: Construct, props: AksClusterProps): void {
  for (const prop of ['resourceGroupName', 'existingResourceGroupName'] as const) {
    checkShape({ where, prop }, props[prop], false, RESOURCE_GROUP_NAME, 'not a resource group name',
      'give up to 90 letters, digits, ".", "_", "-" and parentheses, no "." at the end');
  }
  if (props.resourceGroupName !== undefined && props.existingResourceGroupName !== undefined) {
    throw new ValidationError(where, {
      prop: 'existingResourceGroupName', problem: 'given together with resourceGroupName', got: props.existingResourceGroupName,
      remedy: 'name either the group to make or the one to use',
    });
  }
}

function checkVersion(where: Construct, props: AksClusterProps): void {
  checkInstance({ where, prop: 'kubernetesVersion' }, props.kubernetesVersion, KubernetesVersion,
    'give KubernetesVersion.V1_36 or KubernetesVersion.of("1.36")');
  checkOneOf({ where, prop: 'automaticUpgradeChannel' }, props.automaticUpgradeChannel, Object.values(AksUpgradeChannel));
  if (props.automaticUpgradeChannel === AksUpgradeChannel.PATCH && props.kubernetesVersion?.patch !== undefined) {
    throw new ValidationError(where, {
      prop: 'automaticUpgradeChannel', problem: `patches by itself what kubernetesVersion (${props.kubernetesVersion.version}) pins`, got: 'patch',
      remedy: 'leave it out, or pin no patch',
    });
  }
}

function checkSystemNodePool(where: Construct, props: AksClusterProps): void {
  const at = (prop: string): Subject => ({ where, prop: `systemNodePool.${prop}` });
  const pool = props.systemNodePool;
  checkKind({ where, prop: 'systemNodePool' }, pool, 'an object');
  if (pool === undefined) {
    return;
  }
  checkNodeShape(where, 'systemNodePool.', pool);
  if (pool.vmSize !== undefined) {
    refuseBurstable(at('vmSize'), pool.vmSize);
  }
  number(at('maxPods'), pool.maxPods, 30, 250);
  number(at('nodeCount'), pool.nodeCount, 1, 1000);
  number(at('maxCount'), pool.maxCount, 1, 1000);
  checkKind(at('onlyCriticalAddons'), pool.onlyCriticalAddons, 'true or false');
  if (known(pool.maxCount) && (pool.nodeCount ?? 2) > pool.maxCount) {
    throw new ValidationError(where, {
      prop: 'systemNodePool.maxCount', problem: `fewer than nodeCount (${pool.nodeCount ?? 2})`, got: pool.maxCount, remedy: 'raise it, or lower nodeCount',
    });
  }
}

function checkMonitoring(where: Construct, props: AksClusterProps): void {
  checkKind({ where, prop: 'monitoringEnabled' }, props.monitoringEnabled, 'true or false');
  checkOneOf({ where, prop: 'auditLogs' }, props.auditLogs, Object.values(AksAuditLogs));
  checkKind({ where, prop: 'logAnalyticsWorkspaceId' }, props.logAnalyticsWorkspaceId, 'text');
  checkArmId({ where, prop: 'logAnalyticsWorkspaceId' }, props.logAnalyticsWorkspaceId, 'Microsoft.OperationalInsights/workspaces');
  number({ where, prop: 'logRetentionInDays' }, props.logRetentionInDays, 30, 730);
  const audited = (props.auditLogs ?? AksAuditLogs.NONE) !== AksAuditLogs.NONE;
  if (props.monitoringEnabled === false && !audited && props.logAnalyticsWorkspaceId !== undefined) {
    throw new ValidationError(where, {
      prop: 'monitoringEnabled', problem: 'monitoring is off, but logAnalyticsWorkspaceId says where to', got: false, remedy: 'leave one of the two out',
    });
  }
}

function checkObjectIds(subject: Subject, ids: string[] | undefined): void {
  checkTexts(subject, ids, checkUuid);
  if (ids !== undefined && !known(ids)) {
    // a resource is made for each of them.
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'how many there are has to be known now', got: 'a reference to a list', remedy: 'give a list; its items may be references',
    });
  }
}

function checkTags(subject: Subject, tags: { [key: string]: string } | undefined): void {
  checkTextMap(subject, tags, (at, key, value) => {
    checkShape(at, key, true, /^[^<>*%&:\\?/+]{1,512}$/, 'not a tag name', 'give up to 512 characters without any of <>*%&:\\?/+');
    checkShape(at, value, true, /^[^]{0,256}$/, 'too long', 'give up to 256 characters');
  });
  if (known(tags) && Object.keys(tags).length > 50) {
    throw new ValidationError(subject.where, {
      prop: subject.prop, problem: 'more tags than Azure takes', got: Object.keys(tags).length, remedy: 'give at most 50',
    });
  }
}
