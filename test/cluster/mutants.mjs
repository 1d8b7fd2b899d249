// Faults that somebody could make in the manifests, each of which one test has to find. `node test/cluster/run.mjs --mutants [word…]` runs that test on packages
// with one fault each; words choose faults by what they are called.

const BUNDLE = 'lib/bundle.js';

/** What it is, the test file, a pattern of the test that has to fail, the file of the package, a text of it, what is there instead. */
export const FAULTS = [
  ['a field that Kubernetes does not know', 'manifests', 'all that makes further objects', BUNDLE, 'policyTypes:["Ingress"]', 'policyTypes:["Ingress"],policy:1'],
  ['the manager may run as root', 'manifests', 'a manager apart', BUNDLE, 'securityContext:{runAsNonRoot:!0,', 'securityContext:{'],
  ['a stop aborts the jobs', 'faults', 'a deleted manager', 'src/runner/manager/start-runner.sh', 'kill -QUIT "$runner"', 'kill "$runner"'],
  ['a hook waits for the end of its own container', 'faults', 'a deleted manager', BUNDLE, 'startupProbe:{tcpSocket:{port:"metrics"}',
    'lifecycle:{preStop:{exec:{command:["sh","-c","kill -QUIT 1; while kill -0 1; do sleep 1; done"]}}},startupProbe:{tcpSocket:{port:"metrics"}'],
  ['a manager is given a second to stop', 'faults', 'a deleted manager', BUNDLE, 'terminationGracePeriodSeconds:pod.gracefulStopSeconds', 'terminationGracePeriodSeconds:1'],
  ['GitLab sees a new manager after each start', 'faults', 'a deleted manager', BUNDLE, 'name:"SYSTEM_ID",value:pod.systemId', 'name:"SYSTEM_ID",value:""'],
  ['the sidecar does not hear the signal of GitLab\'s image', 'faults', 'so it does where', 'src/runner/manager/render-config.sh', 'trap stop TERM INT QUIT', 'trap stop TERM INT'],
  ['a rotated token is not taken up', 'faults', 'a rotated token', 'src/runner/manager/render-config.sh', 'update || log \'kept', 'true || log \'kept'],
  ['a drain takes jobs away', 'faults', 'a drained node', BUNDLE, 'pod_disruption_budget:options.podDisruptionBudgetEnabled,', ''],
  ['a changed configuration changes no pod', 'faults', 'a changed configuration', BUNDLE, '"checksum/config":pod.checksum,', ''],
  ['jobs get a token of the cluster', 'features', 'a job\'s pod', BUNDLE, 'automount_service_account_token:!1,', 'automount_service_account_token:!0,'],
  ['jobs run without a seccomp profile', 'features', 'a job\'s pod', BUNDLE, 'seccomp_profile:knowsSeccomp?', 'seccomp_profile:!1?'],
  ['the time to wait for a pod is the runner\'s own', 'features', 'fits no node', BUNDLE, 'poll_timeout:options.pollTimeoutSeconds??exports2.DEFAULT_POLL_TIMEOUT_SECONDS,', ''],
  ['the runner\'s variables are not there', 'features', 'masked variables', BUNDLE, 'environment:environment(plan.environment),', ''],
  ['jobs tolerate no taint', 'features', 'each runner\'s jobs', BUNDLE, 'node_tolerations:options.tolerations?.length', 'node_tolerations:!1'],
  ['GitLab\'s authority is not known', 'features', 'a job is a pod', BUNDLE, '"tls-ca-file":secrets.certificate??caFile,', ''],
  ['`concurrent` is not kept', 'features', '`concurrent`', BUNDLE, 'concurrent:manager.concurrent,', 'concurrent:10,'],
  ['`limit` is not kept', 'features', '`limit`', BUNDLE, 'limit:plan.limit,', ''],
  ['no policy holds jobs', 'network', 'nothing else', BUNDLE, 'if(spec){let metadata={name:`${NAME}-jobs`', 'if(spec&&!1){let metadata={name:`${NAME}-jobs`'],
  ['jobs reach the metadata service', 'network', 'nothing else', BUNDLE, '["169.254.169.254/32","168.63.129.16/32"]', '["168.63.129.16/32"]'],
  ['jobs reach the metadata service in a list', 'network', 'with a list', BUNDLE, 'MACHINE_SERVICES.filter(', 'MACHINE_SERVICES.slice(2).filter('],
  ['jobs reach private addresses', 'network', 'nothing else', BUNDLE, 'PRIVATE_BLOCKS])]:[]', 'PRIVATE_BLOCKS.slice(4)])]:[]'],
  ['jobs are reached', 'network', 'by nobody', BUNDLE, 'policyTypes:["Ingress","Egress"]', 'policyTypes:["Egress"]'],
  ['jobs choose whether a policy holds', 'network', 'nothing else', BUNDLE, '{key:JOB_LABEL,operator:"Exists"}', '{key:"app.kubernetes.io/name",operator:"NotIn",values:["gitlab-runner"]}'],
  ['jobs cannot ask for names', 'network', 'nothing else', BUNDLE, '{to:DNS_SERVERS,ports:DNS_PORTS},', ''],
  ['jobs do not reach a GitLab with a private address', 'network', 'with a list', BUNDLE, '...toGitLab(plan,gitlabUrl),', ''],
  ['the manager may not sign for caches', 'cache', 'what a job keeps', BUNDLE, 'this.identity.grant("Cache",azure_role_1.AzureRole.STORAGE_BLOB_DATA_CONTRIBUTOR,cache.accountId)', '0'],
  ['a daemon that builds images keeps a seccomp profile', 'images', 'pushes it', BUNDLE, 'seccomp_profile:{type:"Unconfined"}', 'seccomp_profile:{type:"RuntimeDefault"}'],
  ['a daemon that builds images gains no rights', 'images', 'pushes it', BUNDLE, 'allow_privilege_escalation:!0,capabilities:{drop:["ALL"],add:["SETUID","SETGID"]}',
    'allow_privilege_escalation:!1,capabilities:{drop:["ALL"],add:["SETUID","SETGID"]}'],
  ['a daemon that builds images has the node\'s /proc to mount', 'images', 'pushes it', BUNDLE, 'buildkit(image,"--oci-worker-no-process-sandbox")', 'buildkit(image)'],
  ['one right too many', 'rights', 'pods', BUNDLE, '["pods","create",always],', '["pods","create",always],["configmaps","create",always],'],
  ['one right too few', 'rights', 'pods', BUNDLE, '["pods/exec","create",always],', ''],
  ['why a pod does not start is not told', 'rights', 'objects', BUNDLE, 'print_pod_warning_events:!0,', 'print_pod_warning_events:!1,'],
].map(([what, file, tests, ...put]) => ({ what, file, tests, put }));
