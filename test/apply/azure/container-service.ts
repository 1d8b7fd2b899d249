// Microsoft.ContainerService: managed clusters, node pools, maintenance windows, credentials. The cluster's API server is a real one behind
// a front that lets in whom Azure RBAC lets in.
// Not checked: nodes, add-ons, upgrades, versions and sizes that a region has, and roles finer than "may do everything in the cluster".
import { parentId } from './arm-id';
import { hasRole } from './authorization';
import { autoscalerProfile, checkAutoscalerProfile } from './autoscaler-profile';
import { AzureError } from './azure-error';
import { contains, overlaps, parseBlock } from './cidr';
import { Arm } from './core';
import { checkNodeEncryption } from './disk-encryption';
import { uuidOf } from './login';
import { checkNodeTrust } from './node-trust';
import { Resource } from './resource';

const CLUSTER = 'Microsoft.ContainerService/managedClusters';
const POOL = `${CLUSTER}/agentPools`;

/** What regions offer. */
const VERSIONS = ['1.34.8', '1.35.4', '1.36.1', '1.36.2', '1.37.0'];

const ADMINS = ['Azure Kubernetes Service RBAC Cluster Admin'];

/** @param issue registers a secret value that is handed out */
export function addContainerService(arm: Arm, certificateAuthority: string, issue: (text: string) => string): void {
  arm.add(
    {
      type: CLUSTER,
      slow: true,
      exclusive: true,
      deleted: 204,
      check({ body, before, id }) {
        const { networkProfile: network, agentPoolProfiles } = body.properties;
        checkVersion(body.properties.kubernetesVersion, before?.properties.kubernetesVersion);
        checkNetwork(arm, network, agentPoolProfiles ?? []);
        if (!before && !agentPoolProfiles?.some((pool: any) => pool.mode === 'System')) {
          throw new AzureError(400, 'InvalidParameter', 'a cluster needs a system pool');
        }
        if (agentPoolProfiles?.some((pool: any) => /^Standard_B/i.test(pool.vmSize) && pool.mode === 'System')) {
          throw new AzureError(400, 'AgentPoolInvalidVMSize', 'burstable sizes are not allowed in a system pool');
        }
        agentPoolProfiles?.forEach(checkPool);
        checkOutbound(arm, body.properties);
        checkSubnetRole(arm, body, id);
        checkApiServer(arm, body, before);
        checkHttpProxy(arm, body.properties);
        checkNodeTrust(body.properties);
        checkNodeEncryption(arm, body, before, controlPlane(arm, body), 0);
        checkAutoscalerProfile(body.properties.autoScalerProfile);
        if (before && JSON.stringify(before.properties.networkProfile.serviceCidr) !== JSON.stringify(network.serviceCidr)) {
          throw new AzureError(400, 'PropertyChangeNotAllowed', 'serviceCidr cannot change');
        }
      },
      fill(resource, _, before) {
        const { name, location, properties } = resource;
        const host = before ? before.properties.fqdn : `${properties.dnsPrefix}-${uuidOf(resource.id).slice(0, 8)}.hcp.${location}.azmk8s.io`;
        resource.sku = { name: 'Base', tier: 'Free', ...resource.sku };
        const nodeGroup = properties.nodeResourceGroup || `MC_${resource.id.split('/')[4]}_${name}_${location}`;
        const subscription = resource.id.split('/').slice(0, 3).join('/');
        const pools: any[] = properties.agentPoolProfiles ?? [];
        resource.properties = {
          supportPlan: 'KubernetesOfficial', disableLocalAccounts: false, enableRBAC: true, ...before?.properties, ...properties,
          fqdn: host, privateFQDN: privateHost(host, location!, properties.apiServerAccessProfile), currentKubernetesVersion: `${properties.kubernetesVersion}`, nodeResourceGroup: nodeGroup, powerState: { code: 'Running' },
          // real accounts have it always
          identityProfile: {
            kubeletidentity: {
              resourceId: `${subscription}/resourceGroups/${nodeGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-agentpool`,
              clientId: uuidOf(`kubelet client ${resource.id}`), objectId: uuidOf(`kubelet object ${resource.id}`),
            },
          },
          oidcIssuerProfile: { ...properties.oidcIssuerProfile, issuerURL: properties.oidcIssuerProfile?.enabled ? `https://${location}.oic.prod-aks.azure.com/${uuidOf('tenant')}/${uuidOf(resource.id)}/` : undefined },
          networkProfile: networkProfile(properties.networkProfile),
          autoScalerProfile: autoscalerProfile(properties.autoScalerProfile ?? before?.properties.autoScalerProfile),
          agentPoolProfiles: undefined,
        };
        delete resource.properties.agentPoolProfiles;
        addonIdentities(resource, subscription, nodeGroup);
        for (const id of Object.keys(resource.identity?.userAssignedIdentities ?? {})) {
          const { principalId, clientId } = arm.find(id)?.properties ?? {};
          resource.identity.userAssignedIdentities[id] = { principalId, clientId };
        }
        for (const { name: pool, ...profile } of pools) {
          const known = arm.find(`${resource.id}/agentPools/${pool}`);
          const filled = poolProperties({ ...known?.properties, ...profile }, resource);
          arm.put(`${resource.id}/agentPools/${pool}`, { properties: filled });
        }
      },
      view(resource) {
        resource.properties.agentPoolProfiles = arm.list(POOL, `${resource.id}/`).map((pool) => ({ name: pool.name, ...arm.view(pool).properties }));
        return resource;
      },
      actions: {
        availableAgentPoolVersions: () => ({
          properties: { agentPoolVersions: VERSIONS.map((version) => ({ default: version.startsWith('1.36'), kubernetesVersion: version })) },
        }),
        listClusterUserCredential: (cluster) => ({ kubeconfigs: [{ name: 'clusterUser', value: kubeconfig(cluster, certificateAuthority) }] }),
        listClusterAdminCredential: (cluster) => {
          if (cluster.properties.disableLocalAccounts) {
            throw new AzureError(400, 'BadRequest', 'getting the admin credential is not allowed because local accounts are disabled');
          }
          return { kubeconfigs: [{ name: 'clusterAdmin', value: kubeconfig(cluster, certificateAuthority, issue(`cluster token ${cluster.id}`)) }] };
        },
      },
    },
    {
      type: POOL,
      slow: true,
      exclusive: true,
      deleted: 204,
      check({ path, body, id, before }) {
        checkPool({ name: path.names.at(-1), ...body.properties });
        if (before && body.properties.vmSize !== before.properties.vmSize) {
          throw new AzureError(400, 'PropertyChangeNotAllowed', 'the size of a node pool cannot change');
        }
        const subnet = body.properties.vnetSubnetID;
        const siblings = arm.list(POOL, `${parentId(id)}/`);
        if (subnet && siblings.some((pool) => vnetOf(pool.properties.vnetSubnetID) !== vnetOf(subnet))) {
          throw new AzureError(400, 'InvalidParameter', 'all pools of a cluster are in the same virtual network');
        }
        const cluster = arm.find(parentId(id))!;
        checkOutbound(arm, { networkProfile: cluster.properties.networkProfile, agentPoolProfiles: [{ vnetSubnetID: subnet }] });
        checkHttpProxy(arm, { httpProxyConfig: cluster.properties.httpProxyConfig, agentPoolProfiles: [{ vnetSubnetID: subnet }] });
        checkJoining(arm, cluster, subnet);
      },
      fill(resource, _, before) {
        resource.properties = poolProperties({ ...before?.properties, ...resource.properties }, arm.find(parentId(resource.id))!);
      },
    },
    { type: `${CLUSTER}/maintenanceConfigurations`, stateless: true, created: 200, deleted: 200 },
  );
}

/** The name that a cluster's API server answers at. */
export function hostOf({ properties }: Resource): string {
  return properties.privateFQDN ?? properties.fqdn;
}

/** Whether a name leads to an address that only networks of the cluster's reach: one in a private zone, or one in public DNS. */
export function isPrivateHost(arm: Arm, host: string): boolean {
  return arm.list(CLUSTER).some((cluster) => hostOf(cluster) === host && cluster.properties.apiServerAccessProfile?.enablePrivateCluster);
}

/** Whether the bearer of a token may use the cluster that answers at a host. */
export function mayEnter(arm: Arm, host: string, principal: string | undefined, spreadMs: number): boolean {
  const cluster = arm.list(CLUSTER).find((one) => hostOf(one) === host);
  return cluster !== undefined && hasRole(arm, principal, ADMINS, cluster.id, spreadMs);
}

function checkVersion(wanted: string | undefined, before: string | undefined): void {
  if (wanted && !VERSIONS.some((version) => version === wanted || version.startsWith(`${wanted}.`))) {
    throw new AzureError(400, 'K8sVersionNotSupported', `the version ${wanted} is not supported in this region`);
  }
  const minor = (version: string) => Number(version.split('.')[1]);
  if (wanted && before && (minor(wanted) < minor(before) || minor(wanted) > minor(before) + 1)) {
    throw new AzureError(400, 'OperationNotAllowed', `upgrading from ${before} to ${wanted} is not allowed`);
  }
}

function checkNetwork(arm: Arm, profile: any, pools: any[]): void {
  const blocks = (texts: (string | undefined)[]) => texts.filter((text) => text !== undefined).map((text) => {
    const parsed = parseBlock(text!);
    if (!parsed) {
      throw new AzureError(400, 'InvalidCIDR', `${text} is no CIDR`);
    }
    return parsed;
  });
  const [service] = blocks([profile?.serviceCidr]);
  const [pod] = blocks([profile?.podCidr]);
  const subnets = pools.flatMap((pool) => arm.find(pool.vnetSubnetID)?.properties.addressPrefixes
    ?? [arm.find(pool.vnetSubnetID)?.properties.addressPrefix]);
  for (const subnet of blocks(subnets)) {
    if ((service && overlaps(service, subnet)) || (pod && overlaps(pod, subnet))) {
      throw new AzureError(400, 'ServiceCidrOverlapExistingSubnetsCidr', 'the subnet overlaps the CIDR of pods or services');
    }
  }
  if (service && pod && overlaps(service, pod)) {
    throw new AzureError(400, 'InvalidParameter', 'the CIDRs of pods and services overlap');
  }
  if (service && profile.dnsServiceIP) {
    const [dns] = blocks([`${profile.dnsServiceIP}/32`]);
    if (!contains(service, dns) || dns.first <= service.first + 1) {
      throw new AzureError(400, 'InvalidParameter', `dnsServiceIP ${profile.dnsServiceIP} is not within ${profile.serviceCidr}, or its first address`);
    }
  }
  if (profile?.networkPluginMode === 'overlay' && profile.networkPlugin !== 'azure') {
    throw new AzureError(400, 'InvalidNetworkPluginMode', 'overlay needs the network plugin azure');
  }
  if (profile?.networkDataplane === 'cilium' && profile.networkPolicy && profile.networkPolicy !== 'cilium') {
    throw new AzureError(400, 'InvalidParameter', 'the cilium data plane enforces only cilium policies');
  }
}

function checkPool(pool: any): void {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(pool.name)) {
    throw new AzureError(400, 'InvalidParameter', `the pool name ${pool.name} is not allowed`);
  }
  if (pool.enableAutoScaling && !(pool.minCount <= pool.maxCount)) {
    throw new AzureError(400, 'InvalidParameter', `minCount ${pool.minCount} is above maxCount ${pool.maxCount}`);
  }
  if (pool.mode === 'System' && pool.scaleSetPriority === 'Spot') {
    throw new AzureError(400, 'InvalidParameter', 'a system pool cannot be spot');
  }
  if (pool.scaleSetPriority === 'Spot' && pool.upgradeSettings?.maxSurge) {
    throw new AzureError(400, 'InvalidParameter', 'a spot pool takes no maxSurge');
  }
}

function controlPlane(arm: Arm, { identity }: any): string | undefined {
  return arm.find(Object.keys(identity?.userAssignedIdentities ?? {})[0])?.properties.principalId;
}

/** The control plane must be able to join the subnet before the cluster is made. */
function checkSubnetRole(arm: Arm, body: any, id: string): void {
  const principal = controlPlane(arm, body);
  checkJoining(arm, { ...body, id }, body.properties.agentPoolProfiles?.[0]?.vnetSubnetID);
  for (const { id: address } of body.properties.networkProfile?.loadBalancerProfile?.outboundIPs?.publicIPs ?? []) {
    if (principal && !hasRole(arm, principal, ['Network Contributor', 'Contributor', 'Owner'], address, 0)) {
      throw new AzureError(400, 'LinkedAuthorizationFailed', `the identity of ${id} has no rights on ${address}`);
    }
  }
}

function checkJoining(arm: Arm, { id, identity }: { id: string; identity?: any }, subnet: string | undefined): void {
  const [own] = Object.keys(identity?.userAssignedIdentities ?? {});
  const principal = arm.find(own)?.properties.principalId;
  if (own && subnet && !hasRole(arm, principal, ['Network Contributor', 'Contributor', 'Owner'], subnet, 0)) {
    throw new AzureError(400, 'CustomRoleAssignmentMissing', `the identity of ${id} has no rights on ${subnet}`);
  }
}

/** The subnet has to have the way out that the cluster is told of, and a load balancer none beside it. */
function checkOutbound(arm: Arm, { networkProfile: profile, agentPoolProfiles = [] }: any): void {
  const subnets = agentPoolProfiles.map((pool: any) => arm.find(pool.vnetSubnetID)?.properties).filter(Boolean);
  const type = profile?.outboundType ?? 'loadBalancer';
  for (const subnet of subnets) {
    if (type === 'loadBalancer' && subnet.natGateway) {
      throw new AzureError(400, 'ExistingNatGatewayOnSubnet', 'the subnet has a NAT gateway, which outboundType loadBalancer does not go with');
    }
    if (type === 'userAssignedNATGateway' && !(arm.find(subnet.natGateway?.id)?.properties.publicIpAddresses?.length > 0)) {
      throw new AzureError(400, 'InvalidUserAssignedNATGateway', 'the subnet has no NAT gateway with an address');
    }
    const routes: any[] = arm.find(subnet.routeTable?.id)?.properties.routes ?? [];
    if (type === 'userDefinedRouting' && !routes.some(({ properties }) => properties.addressPrefix === '0.0.0.0/0' && properties.nextHopType === 'VirtualAppliance')) {
      throw new AzureError(400, 'ExistingRouteTableNotAssociatedWithSubnet', 'the subnet has no route for 0.0.0.0/0 that leads to an appliance');
    }
  }
}

/** The nodes' subnet and the host of the machine are reached without the proxy, or nodes do not come up. */
function checkHttpProxy(arm: Arm, { httpProxyConfig: proxy, agentPoolProfiles = [] }: any): void {
  const subnets = agentPoolProfiles.flatMap((pool: any) => arm.find(pool.vnetSubnetID)?.properties.addressPrefixes ?? []);
  const missing = proxy && [...subnets, '168.63.129.16', '169.254.169.254'].find((one) => !(proxy.noProxy ?? []).includes(one));
  if (missing) {
    throw new AzureError(400, 'InvalidHttpProxyConfig', `noProxy lacks ${missing}`);
  }
  if (proxy && /@|\*/.test([proxy.httpProxy, proxy.httpsProxy, ...proxy.noProxy].join())) {
    throw new AzureError(400, 'InvalidHttpProxyConfig', 'a proxy takes neither credentials nor wildcards');
  }
  // as it has been for some: Azure/AKS#4574 and #5561.
  if (proxy && ![proxy.httpProxy, proxy.httpsProxy].every((url) => /^http:\/\/.+:\d+\/$/.test(url))) {
    throw new AzureError(400, 'HTTPProxyWrongUrlError', `the url ${proxy.httpProxy} is not correct for the property HTTPProxyConfig.HTTPProxy`);
  }
}

/** A zone or a subnet of somebody's for the API server needs rights of the control plane, which AKS checks first. */
function checkApiServer(arm: Arm, body: any, before: Resource | undefined): void {
  const access = body.properties.apiServerAccessProfile ?? {};
  const principal = controlPlane(arm, body);
  const nodes = body.properties.agentPoolProfiles?.[0]?.vnetSubnetID;
  const needs = (code: string, roles: string[], scope: string) => {
    if (!hasRole(arm, principal, [...roles, 'Contributor', 'Owner'], scope, 0)) {
      throw new AzureError(400, code, `the control plane has no rights on ${scope}`);
    }
  };
  if (before && before.properties.apiServerAccessProfile?.privateDNSZone !== access.privateDNSZone) {
    throw new AzureError(400, 'PropertyChangeNotAllowed', 'the private DNS zone of a cluster cannot change');
  }
  if (access.privateDNSZone?.startsWith('/')) {
    if (!arm.find(access.privateDNSZone)) {
      throw new AzureError(404, 'ResourceNotFound', `${access.privateDNSZone} was not found`);
    }
    const name = access.privateDNSZone.split('/').pop().toLowerCase();
    if (!new RegExp(`^([a-z0-9-]{1,32}\\.)?(privatelink${access.subnetId ? '|private' : ''})\\.${body.location}\\.azmk8s\\.io$`).test(name)) {
      throw new AzureError(400, 'InvalidPrivateDNSZoneResourceID', `${access.privateDNSZone} is no zone for an API server of ${body.location}`);
    }
    needs('CustomPrivateDNSZoneMissingPermissionError', ['Private DNS Zone Contributor'], access.privateDNSZone);
    needs('CustomPrivateDNSZoneMissingPermissionError', ['Network Contributor'], parentId(nodes));
  }
  if (access.privateDNSZone === 'None' && !access.enablePrivateClusterPublicFQDN) {
    throw new AzureError(400, 'InvalidParameter', 'without a private DNS zone the public FQDN is needed');
  }
  if (access.subnetId) {
    const subnet = arm.find(access.subnetId);
    if (!subnet || parentId(access.subnetId).toLowerCase() !== vnetOf(nodes)) {
      throw new AzureError(400, 'InvalidParameter', `${access.subnetId} is not in the network of the nodes`);
    }
    if (!JSON.stringify(subnet.properties.delegations ?? []).includes('Microsoft.ContainerService/managedClusters')) {
      throw new AzureError(400, 'SubnetNotDelegated', `${access.subnetId} is not delegated to Microsoft.ContainerService/managedClusters`);
    }
    needs('LinkedAuthorizationFailed', ['Network Contributor'], access.subnetId);
  }
}

/** The name in the zone that a private cluster's API server is looked up in; none where that is public DNS. */
function privateHost(host: string, location: string, access: any): string | undefined {
  if (!access?.enablePrivateCluster || access.privateDNSZone === 'None') {
    return undefined;
  }
  const [label] = host.split('.');
  return `${label}.${access.privateDNSZone?.startsWith('/') ? access.privateDNSZone.split('/').pop() : `${uuidOf(host)}.privatelink.${location}.azmk8s.io`}`;
}

function networkProfile(profile: any): any {
  const addresses = profile?.loadBalancerProfile?.outboundIPs?.publicIPs;
  return {
    ipFamilies: ['IPv4'], loadBalancerSku: 'standard', outboundType: 'loadBalancer', podCidrs: profile?.podCidr && [profile.podCidr],
    serviceCidrs: profile?.serviceCidr && [profile.serviceCidr], ...profile,
    loadBalancerProfile: (profile?.outboundType ?? 'loadBalancer') === 'loadBalancer' && profile?.loadBalancerProfile ? {
      allocatedOutboundPorts: 0, idleTimeoutInMinutes: 30, backendPoolType: 'nodeIPConfiguration', ...profile.loadBalancerProfile, effectiveOutboundIPs: addresses,
    } : undefined,
  };
}

function poolProperties(properties: any, cluster: Resource): any {
  const spot = properties.scaleSetPriority === 'Spot';
  const spotTaint = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';
  return {
    maxPods: 110, osDiskSizeGB: 128, osDiskType: 'Managed', osSKU: 'Ubuntu', osType: 'Linux', scaleDownMode: 'Delete', type: 'VirtualMachineScaleSets', mode: 'User', kubeletDiskType: 'OS',
    enableUltraSSD: false, enableFIPS: false, enableEncryptionAtHost: false, enableNodePublicIP: false,
    upgradeStrategy: 'Rolling', nodeImageVersion: 'AKSUbuntu-2404', gpuProfile: undefined,
    ...properties,
    orchestratorVersion: properties.orchestratorVersion ?? cluster.properties.kubernetesVersion,
    currentOrchestratorVersion: `${properties.orchestratorVersion ?? cluster.properties.kubernetesVersion}.1`,
    // added by AKS itself
    upgradeSettings: spot ? properties.upgradeSettings : { maxSurge: '10%', ...properties.upgradeSettings },
    nodeLabels: spot ? { 'kubernetes.azure.com/scalesetpriority': 'spot', ...properties.nodeLabels } : properties.nodeLabels,
    nodeTaints: spot ? [...new Set([spotTaint, ...properties.nodeTaints ?? []])] : properties.nodeTaints,
    count: properties.count ?? properties.minCount ?? 0,
  };
}

function addonIdentities(cluster: Resource, subscription: string, nodeGroup: string): void {
  const names: { [addon: string]: string } = { azureKeyvaultSecretsProvider: 'azurekeyvaultsecretsprovider', omsagent: 'omsagent' };
  for (const [addon, name] of Object.entries(names)) {
    const profile = cluster.properties.addonProfiles?.[addon];
    if (profile?.enabled) {
      profile.identity = {
        resourceId: `${subscription}/resourceGroups/${nodeGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-${cluster.name}`,
        clientId: uuidOf(`${name} client ${cluster.id}`), objectId: uuidOf(`${name} object ${cluster.id}`),
      };
    }
  }
}

/** As Azure writes it for a cluster with Entra ID: no secret, but a program that signs in; a local account's holds a token. */
function kubeconfig(cluster: Resource, certificateAuthority: string, token?: string): string {
  const config = {
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': cluster.name,
    'clusters': [{ name: cluster.name, cluster: { 'server': `https://${hostOf(cluster)}:443`, 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') } }],
    'contexts': [{ name: cluster.name, context: { cluster: cluster.name, user: token ? 'clusterAdmin' : 'clusterUser' } }],
    'users': [{
      name: token ? 'clusterAdmin' : 'clusterUser',
      user: token ? { token } : { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'kubelogin', args: ['get-token', '--login', 'devicecode'], env: null, provideClusterInfo: false } },
    }],
  };
  return Buffer.from(JSON.stringify(config)).toString('base64');
}

function vnetOf(subnet: string | undefined): string | undefined {
  return subnet && parentId(subnet).toLowerCase();
}

