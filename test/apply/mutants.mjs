// Faults that somebody could make in the constructs, each of which one test has to find. `node test/apply/run.mjs --mutants [word…]` runs that test on packages
// with one fault each; words choose faults by what they are called.

const BUNDLE = 'lib/bundle.js';
const SETTINGS = 'vaults, shared keys and local accounts';
const ORDER = 'what a step needs';

/** What it is, the test file, a pattern of the test that has to fail, the file of the package, a text of it, what is there instead. */
export const FAULTS = [
  ['a role that is too small', 'platform', 'roles are assigned', BUNDLE, '.of("Key Vault Secrets Officer")', '.of("Key Vault Secrets User")'],
  ['a role on too wide a scope', 'platform', 'roles are assigned', BUNDLE, '"EgressIpRole",NETWORK_ROLE,egressIp.id', '"EgressIpRole",NETWORK_ROLE,"/subscriptions/a8fa7fd6-0893-411a-8990-7b5545ccf9c4"'],
  ['vaults may be purged', 'platform', SETTINGS, BUNDLE, 'purgeProtectionEnabled:!0', 'purgeProtectionEnabled:!1'],
  ['local accounts are on', 'platform', SETTINGS, BUNDLE, 'localAccountDisabled:!0', 'localAccountDisabled:!1'],
  ['the server does not wait for its network', 'platform', ORDER, BUNDLE, 'waitFor:[machine.attachment,...this.network.reachable,...roles]', 'waitFor:[machine.attachment,...roles]'],
  ['the cluster does not wait for the roles of its network', 'platform', ORDER, BUNDLE, '[...network.ready,...apiServer.ready,...deployers.beforeCluster]', '[...apiServer.ready,...deployers.beforeCluster]'],
  ['the release does not wait for its token', 'changes', 'all changes', BUNDLE, 'waitFor(...token.waitsFor,...this.managerIdentity?.ready??[])', 'waitFor(...this.managerIdentity?.ready??[])'],
  ['the release does not wait for its identity', 'platform', ORDER, BUNDLE, 'waitFor(...token.waitsFor,...this.managerIdentity?.ready??[])', 'waitFor(...token.waitsFor)'],
  ['the autoscaler and Terraform disagree', 'platform', 'drift, a node count', BUNDLE, 'ignoreChanges:["node_count"]', 'ignoreChanges:[]'],
  ['another person replaces a role', 'platform', 'another person', BUNDLE, 'ignoreChanges:["principal_id"]', 'ignoreChanges:[]'],
  ['a failed step is taken for done', 'interruptions', 'a failing script', BUNDLE, 'condition:`\\${${ENDED_WELL} || ${NOT_REPORTED}}`', 'condition:"${true}"'],
  ['a half-installed release stays', 'access', 'never becomes ready', BUNDLE, 'atomic:!0', 'atomic:!1'],
  ['the cluster may be replaced', 'changes', 'AksClusterProps: what', BUNDLE, 'preventDestroy:props.preventDestroy??!0,ignoreChanges:props.systemNodePool', 'ignoreChanges:props.systemNodePool'],
  ['the data disk may be replaced', 'changes', 'SelfHostedGitLabProps: what', BUNDLE, 'preventDestroy:props.preventDestroy,ignoreChanges:["create_option"', 'ignoreChanges:["create_option"'],
  ['vaults may be replaced', 'changes', 'SelfHostedGitLabProps: what', BUNDLE, 'lifecycle:{preventDestroy:props.preventDestroy}', 'lifecycle:{}'],
  ['another SSH key replaces the server', 'changes', 'SelfHostedGitLabProps: what', BUNDLE, 'ignoreChanges:["admin_ssh_key"]', 'ignoreChanges:[]'],
  ['a step does not run again with other parameters', 'changes', 'GitLabHardeningOptions: what', BUNDLE, 'parameters:cdktf_1.Token.asString(cdktf_1.Fn.sha256(cdktf_1.Fn.jsonencode(parameters.expression))),', ''],
  ['nothing tells who read a secret', 'audit', 'are recorded in one workspace', BUNDLE, 'VAULT_LOGS=["AuditEvent"]', 'VAULT_LOGS=["AzurePolicyEvaluationDetails"]'],
  ['reads of backups are not recorded', 'audit', 'are recorded in one workspace', BUNDLE, 'BLOB_LOGS=["StorageRead",', 'BLOB_LOGS=['],
  ['a wish for tables that Azure forgets', 'audit', 'are recorded in one workspace', BUNDLE, 'props.dedicatedTables?"Dedicated":void 0', '"Dedicated"'],
  ['the bill instead of the records', 'audit', 'are recorded in one workspace', BUNDLE, '["kube-audit-admin","guard"]', '["kube-audit","guard"]'],
  ['Azure chooses the hour of a restart', 'audit', 'a platform that is there', BUNDLE, 'bypassPlatformSafetyChecksOnUserScheduleEnabled:!0,', ''],
  ['a tag of the window changes in each plan', 'audit', 'the second plan is empty', BUNDLE, 'isUnresolved(name)?name:name.toLowerCase(', 'isUnresolved(name)?name:String('],
  ['the first deployer is named and assigned twice', 'access', 'CI takes over', BUNDLE, 'named[0]?.moveFromId(', '(()=>{})('],
  ['snapshots begin before their roles count', 'data-disk-backup', 'the disk is under the vault', BUNDLE, 'dependsOn:[spread],lifecycle', 'lifecycle'],
  ['the runner\'s way in is made in the cluster\'s subscription', 'subscriptions', 'the server is in one', BUNDLE, 'sourceAddressPrefixes:addressPrefixes}),this)', 'sourceAddressPrefixes:addressPrefixes}),scope)'],
  ['a provider for another subscription works in the default one', 'subscriptions', 'by its ARM id', BUNDLE, 'subscription_id:this.subscriptionId,resource_provider', 'resource_provider'],
  ['manifests are delivered in the cluster\'s subscription', 'examples', 'example landing-zone', BUNDLE, '(0,azure_place_1.belongTo)(command,server)', 'void 0'],
  ['a vault of a landing zone is public', 'examples', 'example landing-zone', BUNDLE, 'publicNetworkAccessEnabled:props.privateEndpoints===void 0', 'publicNetworkAccessEnabled:!0'],
  ['a subnet gets its security group afterwards', 'policies', 'the quick start passes', BUNDLE, 'security_group:props.securityGroup.id', 'security_group:null'],
  ['a subnet lends addresses', 'policies', 'the quick start passes', BUNDLE, 'default_outbound_access_enabled:!1', 'default_outbound_access_enabled:!0'],
  ['commands are invoked in the cluster', 'policies', 'the quick start passes', BUNDLE, 'runCommandEnabled:!1', 'runCommandEnabled:!0'],
  ['a vault goes by access policies', 'policies', 'the quick start passes', BUNDLE, 'rbacAuthorizationEnabled:!0', 'rbacAuthorizationEnabled:!1'],
  ['a vault may be purged, says the policy', 'policies', 'the quick start passes', BUNDLE, 'purgeProtectionEnabled:!0', 'purgeProtectionEnabled:!1'],
  ['local accounts, says the policy', 'policies', 'the quick start passes', BUNDLE, 'localAccountDisabled:!0', 'localAccountDisabled:!1'],
  ['a naming renames a log workspace', 'names', 'another name for log alone', BUNDLE, 'lifecycle:named!==void 0&&preventDestroy?{preventDestroy}:void 0', ''],
  ['what moves gets another name', 'moves', 'renamed constructs', BUNDLE, 'return stepsOf(construct).at(-1)', 'return construct.node.path'],
].map(([what, file, tests, ...put]) => ({ what, file, tests, put }));
