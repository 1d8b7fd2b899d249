// The joints of the way from an apply to a job, and for each a fault in the package that breaks it. `node test/whole/run.mjs --mutants [name…]` runs the first test
// on packages with one broken joint each: it has to fail and to name that joint.
import { putFault } from '../tier.mjs';

/** Its name, the test file, the file of the package, the text there, what is there instead. */
export const FAULTS = [
  ['token', 'platform', 'src/gitlab/runners/runners.sh', 'vault_put "$RUNNER_VAULT" "$name" "$token"', 'vault_put "$RUNNER_VAULT" "$name" glrt-somebody-elses'],
  ['role', 'platform', 'lib/bundle.js', 'KEY_VAULT_SECRETS_USER=_AzureRole.of("Key Vault Secrets User")', 'KEY_VAULT_SECRETS_USER=_AzureRole.of("Reader")'],
  ['CA', 'platform', 'lib/bundle.js', 'this.endpoint.server.certificate==="none"?void 0:bootstrap_1.CA_CERTIFICATE_SECRET', 'void 0'],
  ['ordering', 'platform', 'lib/bundle.js', 'this.release.waitFor(...token.waitsFor,', 'this.release.waitFor('],
  ['delivery', 'private', 'lib/bundle.js', '"DeliveryServer",azure_role_1.AzureRole.AKS_RBAC_CLUSTER_ADMIN', '"DeliveryServer",azure_role_1.AzureRole.AKS_CLUSTER_USER'],
  ['vault', 'private', 'lib/bundle.js', 'this.reachable.push((0,private_endpoint_1.createPrivateEndpoint)(this,props.privateEndpoints,{placement,targetId:vault.id,targetName,kind:"vault",role}))', 'void 0'],
  ['network', 'private', 'lib/bundle.js', 'privateIpAddressAllocation:"Static",privateIpAddress:privateAddress', 'privateIpAddressAllocation:"Dynamic"'],
  ['record', 'private', 'lib/bundle.js', 'value:`${hostname} A ${privateAddress}`', 'value:`${hostname} A 10.1.0.9`'],
  ['CA', 'private', 'src/gitlab/endpoint/certificate.sh', '"$(cat "$SSL/server.crt")"', '"$(openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=Other -keyout /dev/null 2>/dev/null)"'],
  ['secrets', 'region', 'src/gitlab/backup/restore.sh', 'write_file /etc/gitlab/gitlab-secrets.json 600 <', ': <'],
  ['token', 'region', 'src/gitlab/runners/runners.sh', 'vault_put "$RUNNER_VAULT" "$name" "$token"', '[ -f "$DATA_STATE/recovery/restored" ] || vault_put "$RUNNER_VAULT" "$name" "$token"'],
  ['balancer', 'scale', 'lib/bundle.js', 'requestPath:exports2.PROBE_PATH', 'requestPath:"/-/ready"'],
  ['metadata', 'verify', 'lib/bundle.js', '["169.254.169.254/32","168.63.129.16/32"]', '["168.63.129.16/32"]'],
  ['alerts', 'verify', 'lib/bundle.js', 'enabled:!0,autoMitigate:!0,severity,scopes:[props.targetId]', 'enabled:!1,autoMitigate:!0,severity,scopes:[props.targetId]'],
].map(([what, file, ...put]) => ({ what, file, tests: file === 'verify' ? 'the claims are tried' : 'one apply', put }));

/** What `doctor` says of a private platform's joint, where the way from a runner to GitLab is all that does not hold. */
const DIAGNOSES = {
  record: /BROKEN +gitlab-runner: is led to 10\.1\.0\.9, where nobody answers .*\n.*\n +-> if that is not the server's address, mend the DNS record/,
  CA: /BROKEN +gitlab-runner: does not trust who signed the certificate that it is shown .*\n.*\n +-> give rerun another value and apply/,
};

export function breakJoint(app, { put }) {
  putFault(app, ...put);
  // nobody waits as long for what cannot come
  putFault(app, 'lib/bundle.js', 'timeoutSeconds:this.chart.startTimeoutSeconds+RELEASE_MARGIN_SECONDS', 'timeoutSeconds:90');
  putFault(app, 'src/gitlab/set-up/lib.sh', 'PATIENCE_SECONDS:-600', 'PATIENCE_SECONDS:-120');
  putFault(app, 'src/delivery/server/api_server.py', "'PATIENCE_SECONDS', '900'", "'PATIENCE_SECONDS', '30'");
}

/** Whether the test told of a broken joint, and named this one, and the doctor did so where it can. */
export function judgeJoint({ what, file }, output) {
  const [, named] = output.match(/broken joint: (\w+)/) ?? [];
  const diagnosed = file !== 'private' || (DIAGNOSES[what]?.test(output) ?? true);
  const right = named === what && diagnosed;
  const told = !named ? 'the test names no joint' : named !== what ? `the test names ${named}` : 'the doctor does not say so';
  console.log(right ? `  ok   ${what}: the test fails and names it` : `  FAIL ${what}: ${told}\n${output}`);
  return { passed: Number(right), failed: Number(!right) };
}
