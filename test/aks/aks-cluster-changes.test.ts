import { readFileSync } from 'fs';
import { join } from 'path';
import { SOMEBODY, SUBNET_ID, WORKSPACE_ID, clusterOf } from './made';
import {
  AksAuditLogs, AksEgress, AksClusterProps, AksPreset, AksSkuTier, ApiServerAccess, AzureLogWorkspace, AzureResourceGroup,
  AzureSubnet, HttpProxy, KubernetesVersion, ManifestDelivery, WeekDay,
} from '../../src';

describe('what a later change may do', () => {
  /** What azurerm makes a new cluster for, where we emit it (`internal/services/containers`, 5.2). */
  const replacing = (aks: any) => ({
    name: aks.name,
    location: aks.location,
    resource_group_name: aks.resource_group_name,
    dns_prefix: aks.dns_prefix,
    private_cluster_enabled: aks.private_cluster_enabled,
    role_based_access_control_enabled: aks.role_based_access_control_enabled,
    oidc_issuer_enabled: aks.oidc_issuer_enabled,
    network_profile: { ...aks.network_profile, load_balancer_profile: Object.keys(aks.network_profile.load_balancer_profile) },
    default_node_pool: { name: aks.default_node_pool.name, type: aks.default_node_pool.type },
    drain: Object.keys(aks.default_node_pool.upgrade_settings).sort(),
    never: ['node_resource_group', 'disk_encryption_set_id', 'kubelet_identity', 'linux_profile', 'windows_profile', 'private_dns_zone_id', 'edge_zone']
      .filter((argument) => argument in aks),
  });

  const unchanged = replacing(clusterOf());
  const inPlace: [string, Partial<AksClusterProps>][] = [
    ['preset', { preset: AksPreset.SMALL }],
    ['kubernetesVersion', { kubernetesVersion: KubernetesVersion.V1_37 }],
    ['automaticPatchesEnabled', { automaticPatchesEnabled: false }],
    ['maintenanceWindow', { maintenanceWindow: { dayOfWeek: WeekDay.MONDAY, startTime: '03:00', durationHours: 4, utcOffset: '+09:00' } }],
    ['nodeOsMaintenanceWindow', { nodeOsMaintenanceWindow: { dayOfWeek: WeekDay.MONDAY, startTime: '03:00' } }],
    ['skuTier', { skuTier: AksSkuTier.PREMIUM }],
    ['apiServerAccess', { apiServerAccess: ApiServerAccess.authorizedIpRanges(['203.0.113.7/32']) }],
    ['systemNodePool', {
      systemNodePool: {
        vmSize: 'Standard_D8ds_v5', nodeCount: 3, maxCount: 5, onlyCriticalAddonsEnabled: false, osDiskSizeGb: 64, ephemeralOsDiskEnabled: true,
        maxPods: 50, zones: ['1', '2'], nodeLabels: { a: 'b' },
      },
    }],
    ['autoscalerProfile', { autoscalerProfile: { expander: 'least-waste' } }],
    ['jobNodePoolEnabled', { jobNodePoolEnabled: false }],
    ['jobNodePool', { jobNodePool: { vmSize: 'Standard_F8s_v2', maxCount: 20 } }],
    ['a new subnet', { subnet: AzureSubnet.create({ virtualNetworkCidr: '10.100.0.0/16', subnetCidr: '10.100.0.0/21' }) }],
    ['administratorObjectIds', { administratorObjectIds: [SOMEBODY] }],
    ['deployerObjectIds', { deployerObjectIds: [SOMEBODY] }],
    ['containerInsightsEnabled', { containerInsightsEnabled: false }],
    ['auditLogs', { auditLogs: AksAuditLogs.ALL }],
    ['an existing workspace', { logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }],
    ['a new workspace', { logWorkspace: AzureLogWorkspace.create(90) }],
    ['httpProxy', { httpProxy: HttpProxy.at('http://10.0.0.5:3128') }],
    ['customCaTrustCertificates', { customCaTrustCertificates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'] }],
    ['imageCleanerIntervalHours', { imageCleanerIntervalHours: 24 }],
    ['loadBalancerAllowedCidrs', { loadBalancerAllowedCidrs: ['203.0.113.0/24'] }],
    ['manifestDelivery', { manifestDelivery: ManifestDelivery.files() }],
    ['tags', { tags: { team: 'ci' } }],
    ['add-ons', { azurePolicyEnabled: true, costAnalysisEnabled: true, defenderEnabled: true }],
    ['preventDestroy', { preventDestroy: false }],
  ];
  test.each(inPlace)('%s never replaces the cluster', (_, props) => {
    expect(replacing(clusterOf(props))).toEqual(unchanged);
  });

  const once: [string, Partial<AksClusterProps>][] = [
    // there in place, as the real provider plans in the apply tier, and not back.
    ['egress', { egress: AksEgress.natGateway().afterLoadBalancer() }],
    ['location', { location: 'westeurope' }],
    ['a new resource group', { resourceGroup: AzureResourceGroup.create('mine') }],
    ['an existing resource group', { resourceGroup: AzureResourceGroup.existing('shared') }],
    ['clusterName', { clusterName: 'mine' }],
    ['nodeResourceGroupName', { nodeResourceGroupName: 'mine-nodes' }],
    ['provider', { provider: undefined }],
    ['apiServerAccess', { apiServerAccess: ApiServerAccess.privateEndpoint() }],
    ['an existing subnet', { subnet: AzureSubnet.existing(SUBNET_ID) }],
    ['podCidr', { podCidr: '10.128.0.0/16' }],
    ['serviceCidr', { serviceCidr: '10.1.0.0/16' }],
    ['dnsServiceIp', { dnsServiceIp: '10.0.0.53' }],
    ['diskEncryptionSetId', { diskEncryptionSetId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/disks' }],
  ];
  test('every prop either changes in place or is documented as immutable', () => {
    const names = [...inPlace, ...once].flatMap(([, given]) => Object.keys(given));
    const assembly = JSON.parse(readFileSync(join(__dirname, '..', '..', '.jsii'), 'utf8'));
    const props: any[] = assembly.types['cdktf-azure-gitlab.AksClusterProps'].properties;
    expect([...new Set(names)].sort()).toEqual(props.map(({ name }) => name).sort());
    const documented = props.filter(({ docs }) => /Immutable|would replace the cluster/.test(`${docs.summary} ${docs.remarks}`)).map(({ name }) => name);
    expect(documented.sort()).toEqual([...new Set(once.flatMap(([, given]) => Object.keys(given)))].sort());
  });
});
