/** What the library says of each mistake. */
export const MESSAGES: { [mistake: string]: string } = {
  'a network that is no CIDR':
    'virtualNetworkCidr: not an IPv4 block, got "10.40.0.0/33"; give an IPv4 block such as "10.0.0.0/16" (at AzureSubnet.create)',
  'a network with host bits':
    'virtualNetworkCidr: not an IPv4 block, got "10.40.0.1/24"; the address has host bits set, did you mean "10.40.0.0/24" '
    + '(at AzureSubnet.create)',
  'a subnet outside its network':
    'subnet.subnetCidr: not within virtualNetworkCidr, got "10.41.0.0/24"; give a block within "10.40.0.0/24" (at gitlab/GitLab)',
  'nodes outside their network':
    'subnet.subnetCidr: not inside virtualNetworkCidr (10.224.0.0/16), got "10.41.0.0/20"; choose another (at gitlab/Cluster)',
  'pods over services':
    'serviceCidr: overlaps podCidr (10.0.0.0/16), got "10.0.0.0/16"; choose another (at gitlab/Cluster)',
  'services over the network':
    'serviceCidr: overlaps subnet.virtualNetworkCidr (10.224.0.0/16), got "10.224.0.0/16"; choose another (at gitlab/Cluster)',
  'a DNS address outside the services':
    'dnsServiceIp: not inside serviceCidr (10.0.0.0/16), got "10.9.0.10"; choose another (at gitlab/Cluster)',
  'the first address of the services for DNS':
    'dnsServiceIp: one of the addresses that serviceCidr keeps for itself, got "10.0.0.1"; choose another (at gitlab/Cluster)',
  'a region that is none':
    'location: not a valid value, got "Korea Central!"; give a region\'s short name such as "koreacentral" (az account '
    + 'list-locations -o table) (at gitlab/GitLab)',
  'a resource group that ends with a dot':
    'resourceGroupName: not a valid value, got "group."; give at most 90 letters, digits, "-", "_", ".", "(" and ")", without '
    + 'a final "." (at AzureResourceGroup.create)',
  'a vault name that begins with a digit':
    'serverKeyVaultName: not a valid value, got "1vault"; give 3 to 24 letters, digits and single "-", first a letter, last '
    + 'no "-" (at gitlab/GitLab)',
  'two vaults of one name':
    'runnerKeyVaultName: the same as serverKeyVaultName, got "one-vault"; give another name: readers of the runners\' vault '
    + 'must not be able to read the server\'s (at gitlab/GitLab)',
  'a DNS label with capitals':
    'dnsLabel: not a valid value, got "GitLab"; give 3 to 63 lower-case letters, digits and "-", first a letter, last no "-" '
    + '(at gitlab/GitLab)',
  'a reserved administrator':
    'adminUsername: reserved by Azure, Ubuntu or GitLab, got "root"; give another name such as "azureuser" (at gitlab/GitLab)',
  'a machine that is too small':
    'vmSize: too small for GitLab, got "Standard_B1s"; give a size with at least 2 vCPU and 4 GiB of memory, better 4 and 16 '
    + 'such as "Standard_D4s_v5" (at gitlab/GitLab)',
  'an image for another processor':
    'vmSize: an x64 size with an image for Arm64, got "Standard_D4s_v5"; give image and size for the same kind of processor '
    + '(at gitlab/GitLab)',
  'a premium disk on a size without':
    'osDiskType: the size Standard_D4_v5 does not support premium disks, got "Premium_LRS"; give ManagedDiskType.STANDARD_SSD_LRS, or '
    + 'a size with an "s" such as "Standard_D4s_v5" (at gitlab/GitLab)',
  'a disk beyond Azure\'s limit':
    'dataDiskSizeGb: out of range, got 40000; give a whole number from 16 to 32767 (at gitlab/GitLab)',
  'more snapshots than Azure keeps':
    'dataDiskBackup.retentionDays: more than 450 snapshots, one every 1 h, got 30; give at most 18, or a longer intervalHours (at gitlab/GitLab)',
  'snapshots in the server\'s group':
    'dataDiskBackup.resourceGroupName: the server\'s resource group, got "shared"; give another name: snapshots that Azure keeps would '
    + 'keep the server\'s group from being deleted (at gitlab/GitLab)',
  'an interval that Azure does not know':
    'dataDiskBackup.intervalHours: not supported, got 3; give one of 1, 2, 4, 6, 8, 12, 24 (at gitlab/GitLab)',
  'an administrator who is no object id':
    'secretReaderObjectIds[0]: not a valid value, got "me@example.com"; give a UUID such as '
    + '"00000000-0000-0000-0000-000000000000" (at gitlab/GitLab)',
  'a zone that is none':
    'zone: not a valid value, got "4"; give "1", "2" or "3" (at gitlab/GitLab)',
  'a priority below the range':
    'firstRulePriority: not supported, got 99; give one of 100, 200, 300, 400, 500, 600, 700, 800, 900 (at gitlab/GitLab)',
  'blocks of one rule that overlap':
    'webAllowedCidrs[1]: overlaps with "10.0.0.0/8", got "10.1.0.0/16"; give only the wider of the two (at gitlab/GitLab)',
  'an SSH key that is none':
    'text: not an SSH public key, got "ssh-rsa AAAA"; give the one line of a .pub file, RSA with at least 2048 bits or '
    + 'Ed25519 (at SshPublicKey.of)',
  'a host name that is none':
    'hostname: not a valid value, got "not a host"; give a DNS name in lower case such as "gitlab.example.com", without '
    + 'scheme, port and path (at GitLabEndpoint.customDomain)',
  'a version that is none':
    'version: not a valid value, got "nineteen"; give major, minor and patch, such as "19.4.1"; GitLabVersion.minor() takes the newest patch (at GitLabVersion.of)',
  'a tag with a forbidden character':
    'tags["a<b"]: not a valid value, got "a<b"; give a tag\'s name: at most 512 characters without "<", ">", "%", "&", "\\", "?" and "/", '
    + 'not beginning with "microsoft", "azure" or "windows" (at gitlab/GitLab)',
  'a cluster name with a dot':
    'clusterName: not a valid value, got "a.b"; give at most 63 letters, digits, "-" and "_", a letter or digit at both ends '
    + '(at gitlab/Cluster)',
  'a pool name with capitals':
    'jobNodePool.nodePoolName: not a valid value, got "Jobs"; give a lower-case letter and up to 11 more lower-case letters and digits '
    + '(at gitlab/Cluster)',
  'fewer nodes at most than at least':
    'jobNodePool.minCount: more than maxCount (2), got 4; lower it, or raise maxCount (at gitlab/Cluster)',
  'a burstable system pool':
    'systemNodePool.vmSize: AKS does not allow burstable (B-series) sizes in system pools, got "Standard_B4ms"; give a size '
    + 'of another series such as "Standard_D2s_v5" (at gitlab/Cluster)',
  'surge on a spot pool':
    'jobNodePool.maxSurge: spot pools are upgraded without extra nodes, got "33%"; leave it or spot out (at gitlab/Cluster)',
  'a pool without jobs that is described':
    'jobNodePoolEnabled: no pool for CI jobs, but jobNodePool says what it is made of, got false; leave one of the two out '
    + '(at gitlab/Cluster)',
  'a Kubernetes version that is gone':
    'version: AKS support for versions before 1.35 ends on 2026-11-30, got "1.28"; give 1.35, 1.36, 1.37 or newer (at KubernetesVersion.of)',
  'more nodes than the subnet has addresses':
    'Validation failed with the following errors:\n  [gitlab/Cluster] subnet.subnetCidr: room for 11 nodes, but the pools at their '
    + 'largest, while they are upgraded, have 113, got "10.224.0.0/28"; choose a larger block, or lower maxCount (at '
    + 'gitlab/Cluster)\n\nIf you wish to ignore these validations, pass \'skipValidation: true\' to your App configuration.\n',
  'an API server range with host bits':
    'ranges[0]: not an IPv4 block, got "203.0.113.7/24"; the address has host bits set, did you mean "203.0.113.0/24" (at '
    + 'ApiServerAccess.authorizedIpRanges)',
  'log retention beyond the limit':
    'retentionDays: out of range, got 1000; give a whole number from 30 to 730 (at AzureLogWorkspace.create)',
  'a workspace id of another type':
    'workspaceId: not a valid value, got '
    + '"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/x/providers/Microsoft.KeyVault/vaults/x"; give the '
    + 'ARM id of a Microsoft.OperationalInsights/workspaces (at AzureLogWorkspace.existing)',
  'a maintenance window at 25 o\'clock':
    'maintenanceWindow.startTime: not a valid value, got "25:00"; give hours and minutes such as "22:00" (at gitlab/Cluster)',
  'a preset that is none':
    'preset: not supported, got "huge"; give one of "standard", "small" (at gitlab/Cluster)',
  'a runner that would take no job':
    'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true (at gitlab/Runner)',
  'a timeout below GitLab\'s':
    'maximumTimeoutSeconds: out of range, got 60; give a whole number from 600 to 2147483647 (at gitlab/Runner)',
  'a namespace with capitals':
    'namespace: not a valid value, got "GitLab"; give at most 63 lower-case letters, digits and hyphens such as '
    + '"gitlab-runner" (at gitlab/Runner)',
  'resources that are no quantity':
    'buildResources.cpuRequest: not a valid value, got "much"; give cores or thousandths of them such as "2" or "500m", or "" for none (at gitlab/Runner)',
  'a limit below its request':
    'buildResources.memoryRequest: more than memoryLimit "1Gi", got "2Gi"; lower it or raise the limit (at gitlab/Runner)',
  'an unknown setting of the executor':
    'kubernetesSettings.privilegd: not a setting of GitLab Runner\'s Kubernetes executor, got true; use privileged '
    + '(at gitlab/Runner)',
  'a storage account with capitals':
    'storageAccountName: not a valid value, got "Cache"; give 3 to 24 lower-case letters and digits (at RunnerCache.azureBlob)',
  'a registration token from nowhere':
    'token: not a source of a registration token, got "gitlab"; give RunnerToken.keyVaultSecret(), kubernetesSecret(), '
    + 'volume() or terraformVariable() (at RunnerToken.legacyRegistrationToken)',
  'an access that is none':
    'apiServerAccess: not an ApiServerAccess, got "open"; give one such as ApiServerAccess.publicEndpoint() (at gitlab/Cluster)',
};
