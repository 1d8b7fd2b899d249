import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ENTRA_ID, SigningCertificate, signingCertificate } from './azure/entra-id';
import { changes, fingerprint } from './harness/changes';
import { until } from './harness/lane';
import { AZURE_NAME } from './harness/program';
import { Server } from './harness/server';
import { EntraIdSamlOptions, GitLabEndpoint, GitLabSignIn } from 'cdktf-azure-gitlab';

const TENANT = '11111111-1111-4111-8111-111111111111';
const APPLICATION = '22222222-2222-4222-8222-222222222222';
const PERSON = '33333333-3333-4333-8333-333333333333';
const REPLY_URL = `https://${AZURE_NAME}/users/auth/saml/callback`;
const METADATA = `https://${ENTRA_ID}/${TENANT}/federationmetadata/2007-06/federationmetadata.xml?appid=${APPLICATION}`;
const CLAIMS = 'http://schemas.microsoft.com/identity/claims';
const ENDPOINT = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }) };
const by = (more: Partial<EntraIdSamlOptions> = {}) => ({
  ...ENDPOINT, signIn: [GitLabSignIn.entraIdSaml({ tenantId: TENANT, applicationId: APPLICATION, administrators: [PERSON], ...more })],
});
const IMPATIENT = { environment: { PATIENCE_SECONDS: '1' } };
const SIGN_IN = readFileSync(join(process.env.FIRSTBOOT_REPOSITORY!, 'test/firstboot/harness/saml-response.rb'), 'utf8');

const server = new Server();
const { azure, disk, machine } = server;
const [first, second, foreign] = [1, 2, 3].map(() => signingCertificate());

before(async () => {
  await server.begin(by());
  disk.attach();
  await server.ran('data-disk');
});

const configured = async () => JSON.parse(await machine.run('cat', '/var/opt/gitlab/gitlab.json')).sections.gitlab_rails;
const reconfigures = async () => (await machine.run('cat', '/var/opt/gitlab/reconfigures')).trim().split('\n').length;
const certificates = async () => (await machine.shell('cat /etc/gitlab/saml/saml/*.pem')).trim().split(/(?<=-----END CERTIFICATE-----)\n/).map((pem) => pem.trim()).sort();
const pems = (...all: SigningCertificate[]) => all.map(({ certificate }) => certificate.trim()).sort();
const refresh = () => machine.startService('gitlab-saml.service');
const isThere = async (unit: string) => (await machine.try('systemctl', 'is-active', unit)).output.trim() === 'active';

/** What GitLab's own libraries say to a response that Entra ID would send, with the configuration that GitLab has now. */
async function signIn(signer?: SigningCertificate, changed: object = {}): Promise<any> {
  const [{ args }] = (await configured()).omniauth_providers;
  const given = {
    args, ...signer, issuer: `https://sts.windows.net/${TENANT}/`, audience: `api://${APPLICATION}`, recipient: REPLY_URL, nameId: 'mina@example.com',
    claims: {
      [`${CLAIMS}/objectidentifier`]: PERSON, [`${CLAIMS}/displayname`]: 'Mina Kim',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'mina.kim@example.com',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'mina@corp.example.com',
    },
    ...changed,
  };
  machine.write('/root/saml-response.rb', SIGN_IN);
  machine.write('/root/response.json', JSON.stringify(given));
  return JSON.parse(await machine.shell('/opt/gitlab/embedded/bin/ruby /root/saml-response.rb </root/response.json'));
}

test('without certificates nobody could sign in, so the step ends and says why', async () => {
  const unusable = (why: string) => `SAML provider saml has no certificates: the metadata at ${METADATA} cannot be used: ${why}; fix that, then run this step again`;
  azure.entraId.signing = [];
  assert.equal(await server.refused('sign-in'), unusable('it lists no signing certificate'));
  azure.entraId.signing = [first];
  azure.entraId.tenant = PERSON;
  assert.equal(await server.refused('sign-in'), unusable(`it belongs to 'https://sts.windows.net/${PERSON}/', not to https://sts.windows.net/${TENANT}/`));
  azure.entraId.tenant = undefined;
  for (const [text, why] of [
    ['<html><body>Sign in to this network', 'it is not XML'],
    ['<html/>', 'it is not the metadata of one entity'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'it has a document type, which metadata must not have'],
  ]) {
    azure.entraId.instead = text;
    assert.equal(await server.refused('sign-in'), unusable(why));
  }
  azure.entraId.instead = undefined;
  azure.entraId.signing = [first, { key: '', certificate: 'bm90IG9uZQ==' }];
  assert.equal(await server.refused('sign-in'), unusable('one of its certificates is not valid'));
  azure.entraId.signing = [first];
  const outage = azure.fail({ host: ENTRA_ID, answer: { status: 503 } });
  assert.match(await server.refused('sign-in', IMPATIENT), /^SAML provider saml has no certificates: https:\S+ answered with status 503 ; fix that/);
  outage.end();
  await machine.run('mv', '/etc/ssl/certs/ca-certificates.crt', '/root/ca-certificates.crt');
  machine.write('/etc/ssl/certs/ca-certificates.crt', foreign.certificate);
  assert.match(await server.refused('sign-in', IMPATIENT), /answered with status 000 .*certificate/);
  await machine.run('mv', '/root/ca-certificates.crt', '/etc/ssl/certs/ca-certificates.crt');
  assert.deepEqual((await machine.try('bash', '-c', 'ls /etc/gitlab/saml/saml')).output.split('\n').filter((line) => line.endsWith('.pem')), []);
});

test('a short outage at set-up is waited for', async () => {
  azure.fail({ host: ENTRA_ID, answer: { status: 503 }, times: 2 });
  await server.runAll();
  assert.deepEqual(await certificates(), pems(first));
});

test('who signs in is who Entra ID says, by the object id', async () => {
  assert.deepEqual(await signIn(first), { uid: PERSON, name: 'Mina Kim', email: 'mina.kim@example.com', nickname: 'mina@corp.example.com', groups: null });
});

test('nobody else is let in', async () => {
  assert.match((await signIn(foreign)).error, /^Invalid Signature on SAML Response/);
  assert.match((await signIn(undefined)).error, /^Found an unexpected number of Signature Element/);
  assert.match((await signIn(azure.entraId.others[2])).error, /^Invalid Signature on SAML Response/);
  assert.match((await signIn(first, { audience: 'api://another' })).error, /^Invalid Audiences?\. The audiences? api:\/\/another, did not match the expected audience/);
  assert.match((await signIn(first, { issuer: `https://sts.windows.net/${PERSON}/` })).error, /^Doesn't match the issuer/);
  assert.match((await signIn(first, { recipient: 'https://old.example.com/users/auth/saml/callback' })).error, /^The response was received at/);
  assert.match((await signIn(first, { claims: { [`${CLAIMS}/displayname`]: 'Mina Kim' } })).error, /^SAML response missing '\S+objectidentifier' attribute/);
});

test('a second certificate comes by the timer, before Entra ID signs with it; both are good', async () => {
  const earlier = await reconfigures();
  azure.entraId.signing = [first, second];
  assert.equal((await signIn(second)).error, 'Invalid Signature on SAML Response');
  assert.ok(await isThere('gitlab-saml.timer'));
  assert.equal((await refresh()).status, 0);
  assert.equal(await reconfigures(), earlier + 1);
  assert.equal((await signIn(first)).uid, PERSON);
  assert.equal((await signIn(second)).uid, PERSON);
});

test('where nothing is new nothing happens', async () => {
  const earlier = await reconfigures();
  const files = await fingerprint(server);
  assert.equal((await refresh()).status, 0);
  await server.ran('sign-in');
  await server.ran('gitlab');
  assert.equal(await reconfigures(), earlier);
  assert.deepEqual(changes(files, await fingerprint(server)), []);
});

test('an outage, and whatever else stands there, leaves what was good, and is loud', async () => {
  const earlier = await reconfigures();
  const wrong: readonly (readonly [string, () => () => void])[] = [
    ['answered with status 404', () => azure.fail({ host: ENTRA_ID, answer: { status: 404 } }).end],
    ['cannot be used: it is not XML', () => {
      azure.entraId.instead = 'not now';
      return () => {
        azure.entraId.instead = undefined;
      };
    }],
    ['cannot be used: it belongs to ', () => {
      azure.entraId.tenant = APPLICATION;
      return () => {
        azure.entraId.tenant = undefined;
      };
    }],
    ['cannot be used: it lists no signing certificate', () => {
      azure.entraId.signing = [];
      return () => {
        azure.entraId.signing = [first, second];
      };
    }],
  ];
  for (const [why, begin] of wrong) {
    const end = begin();
    assert.notEqual((await refresh()).status, 0);
    const journal = await machine.journal('--lines=20');
    assert.match(journal, /the certificates of SAML provider saml were not renewed; see journalctl --unit gitlab-saml/);
    assert.ok(journal.includes(why), journal);
    const { said } = await server.ran('sign-in');
    assert.ok(said.some((line) => line.startsWith('WARNING: the certificates of SAML provider saml were not renewed: ') && line.includes(why)), said.join('\n'));
    end();
  }
  assert.deepEqual(await certificates(), pems(first, second));
  assert.equal(await reconfigures(), earlier);
  assert.equal((await signIn(second)).uid, PERSON);
});

test('what a run was cut off from is made good by the next one', async () => {
  azure.entraId.signing = [second];
  await machine.run('touch', '/run/fail-reconfigure');
  assert.notEqual((await refresh()).status, 0);
  assert.deepEqual(await certificates(), pems(second));
  await machine.run('rm', '/run/fail-reconfigure');
  assert.equal((await refresh()).status, 0);
  assert.equal((await signIn(second)).uid, PERSON);
  assert.equal((await signIn(first)).error, 'Invalid Signature on SAML Response');
});

test('certificates that end soon are told of', async () => {
  const ending = signingCertificate('ending', 20);
  azure.entraId.signing = [ending];
  const warnings = async () => (await server.ran('sign-in')).said.filter((line) => line.startsWith('WARNING'));
  assert.deepEqual(await warnings(), [
    'WARNING: no certificate of SAML provider saml is valid for another 30 days; create a new one in Entra ID and activate it a day later',
  ]);
  azure.entraId.signing = [ending, second];
  assert.deepEqual(await warnings(), []);
  await refresh();
});

test('a new machine with the old disk has the certificates at once, whatever Entra ID says', async () => {
  await server.newMachine();
  const outage = azure.fail({ host: ENTRA_ID, answer: { status: 404 } });
  await server.runAll();
  outage.end();
  assert.equal((await signIn(second)).uid, PERSON);
});

const administrators = async () => (await server.database()).users.filter(({ admin }: any) => admin).map(({ username }: any) => username);
const settingsNow = async () => (await server.database()).settings;
/** Has the timer's service look for administrators, which is not to start Rails while that is held. */
const promote = async () => {
  let ended = false;
  const run = machine.startService('gitlab-administrators.service').finally(() => {
    ended = true;
  });
  await until('its end', async () => ended || (await machine.try('test', '-e', '/run/held-in-rails')).status === 0);
  assert.ok(ended, 'Rails starts');
  assert.equal((await run).status, 0, await machine.journal('--unit=gitlab-administrators', '--lines=20'));
};
const signedIn = (id: number, username: string, provider: string) => server.changeDatabase(
  `database["users"] << { "id" => ${id}, "username" => "${username}", "admin" => false, "state" => "active", "password" => "" }; `
  + `(database["identities"] ||= []) << { "id" => ${id}, "provider" => "${provider}", "extern_uid" => "${PERSON}", "user_id" => ${id} }`);

test('an administrator is one within minutes of the first sign-in, and Rails starts for nobody else', async () => {
  assert.ok(await isThere('gitlab-administrators.timer'));
  await machine.run('touch', '/run/hold-rails');
  await promote();
  await signedIn(20, 'eve', 'github');
  await promote();
  await machine.run('rm', '/run/hold-rails');
  assert.deepEqual(await administrators(), ['root']);
  await signedIn(21, 'mina', 'saml');
  await promote();
  assert.deepEqual(await administrators(), ['root', 'mina']);
  assert.ok(!await isThere('gitlab-administrators.timer'));
});

test('who is made a user again by another administrator stays one', async () => {
  await server.changeDatabase('database["users"].find { |user| user["username"] == "mina" }["admin"] = false');
  await server.ran('runners');
  assert.deepEqual(await administrators(), ['root']);
});

test('passwords are off once an administrator comes in without one, and on again without the prop', async () => {
  const said = (await server.applied(by({ passwordSignInEnabled: false }))).flatMap((result) => result.said);
  assert.ok(said.includes('passwords stay enabled until one of the administrators has signed in without one'));
  assert.equal((await settingsNow()).password_authentication_enabled_for_web, undefined);
  await server.changeDatabase('database["users"].find { |user| user["username"] == "mina" }["admin"] = true');
  await server.ran('runners');
  const { password_authentication_enabled_for_web: web, password_authentication_enabled_for_git: git } = await settingsNow();
  assert.deepEqual({ web, git }, { web: false, git: false });
  await server.applied(by());
  const { password_authentication_enabled_for_web: webAgain, password_authentication_enabled_for_git: gitAgain } = await settingsNow();
  assert.deepEqual({ webAgain, gitAgain }, { webAgain: true, gitAgain: true });
});

test('a second provider has certificates of its own; one that is taken away leaves none', async () => {
  const two = by();
  two.signIn.push(GitLabSignIn.entraIdSaml({ tenantId: PERSON, applicationId: APPLICATION, name: 'partner' }));
  await server.applied(two);
  const [, partner] = (await configured()).omniauth_providers;
  assert.equal(partner.args.idp_cert_multi.signing.length, 2);
  assert.equal(partner.args.assertion_consumer_service_url, REPLY_URL.replace('saml', 'partner'));
  await server.applied(by());
  assert.equal(await machine.shell('ls /etc/gitlab/saml'), 'saml\n');
});

test('without it nothing of it stays', async () => {
  await server.applied(ENDPOINT);
  assert.equal((await configured()).omniauth_providers, undefined);
  assert.equal((await machine.try('test', '-e', '/etc/gitlab/saml')).status, 1);
  for (const unit of ['gitlab-saml', 'gitlab-administrators']) {
    assert.equal((await machine.try('test', '-e', `/etc/systemd/system/${unit}.timer`)).status, 1);
    assert.ok(!await isThere(`${unit}.timer`));
  }
});
