import { TerraformOutput, TerraformVariable } from 'cdktf';
import { GitLabSmtpEncryption, GitLabSmtpOptions, KeyVaultSecret } from '../../../src';
import { mailSettings } from '../../../src/gitlab/smtp/mail';
import { mailSignIn } from '../../../src/gitlab/smtp/mail-servers';
import { newStack, synth } from '../../synth';

const password = KeyVaultSecret.of('/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/mail-vault', 'smtp-password');
const always = { smtp_enable: true, smtp_port: 587, smtp_enable_starttls_auto: true, smtp_tls: false, smtp_openssl_verify_mode: 'peer' };

/** What people write, and what GitLab's page has for that server (or Microsoft's, where GitLab's says nothing of it). */
const SERVERS: readonly (readonly [string, Omit<GitLabSmtpOptions, 'password'>, { readonly [key: string]: unknown }])[] = [
  ['Office 365', { host: 'smtp.office365.com', username: 'username@yourdomain.com', fromAddress: 'username@yourdomain.com' },
    {
      ...always, smtp_address: 'smtp.office365.com', smtp_domain: 'yourdomain.com', smtp_authentication: 'login', smtp_user_name: 'username@yourdomain.com',
      gitlab_email_from: 'username@yourdomain.com',
    }],
  ['Azure Communication Services', { host: 'smtp.azurecomm.net', username: 'mail.3f0a.8c1e', fromAddress: 'gitlab@yourdomain.com' },
    { ...always, smtp_address: 'smtp.azurecomm.net', smtp_domain: 'yourdomain.com', smtp_authentication: 'login', smtp_user_name: 'mail.3f0a.8c1e' }],
  ['SendGrid', { host: 'smtp.sendgrid.net', username: 'apikey', fromAddress: 'gitlab@yourdomain.com', replyToAddress: 'ops@yourdomain.com' },
    {
      ...always, smtp_address: 'smtp.sendgrid.net', smtp_domain: 'smtp.sendgrid.net', smtp_authentication: 'plain', smtp_user_name: 'apikey',
      gitlab_email_reply_to: 'ops@yourdomain.com',
    }],
  ['Amazon SES', { host: 'email-smtp.eu-west-1.amazonaws.com', username: 'IAMmailerKey', fromAddress: 'gitlab@yourdomain.com' },
    { ...always, smtp_address: 'email-smtp.eu-west-1.amazonaws.com', smtp_domain: 'yourdomain.com', smtp_authentication: 'login', smtp_user_name: 'IAMmailerKey' }],
  ['Amazon SES with TLS from the start',
    { host: 'email-smtp.eu-west-1.amazonaws.com', username: 'IAMmailerKey', fromAddress: 'gitlab@yourdomain.com', encryption: GitLabSmtpEncryption.TLS },
    { smtp_port: 465, smtp_tls: true, smtp_enable_starttls_auto: false, smtp_domain: 'yourdomain.com', smtp_authentication: 'login' }],
  ['Gmail', { host: 'smtp.gmail.com', username: 'my.email@gmail.com', fromAddress: 'my.email@gmail.com' },
    { ...always, smtp_address: 'smtp.gmail.com', smtp_domain: 'smtp.gmail.com', smtp_authentication: 'login', smtp_user_name: 'my.email@gmail.com' }],
  ['Mailgun', { host: 'smtp.mailgun.org', username: 'postmaster@mg.yourdomain.com', fromAddress: 'gitlab@yourdomain.com' },
    { ...always, smtp_address: 'smtp.mailgun.org', smtp_domain: 'mg.yourdomain.com', smtp_authentication: 'plain', smtp_user_name: 'postmaster@mg.yourdomain.com' }],
];

test.each(SERVERS)('%s gets what GitLab\'s page has for it', (_name, options, expected) => {
  expect(mailSettings({ ...options, password })).toMatchObject(expected);
});

test('a relay without a sign-in is greeted with the sender\'s domain, and not signed in to', () => {
  const settings = mailSettings({ host: 'smtp-relay.gmail.com', fromAddress: 'username@yourdomain.com' });
  expect(settings).toMatchObject({ ...always, smtp_domain: 'yourdomain.com' });
  expect(settings).not.toHaveProperty('smtp_authentication');
});

test('an address that only the apply knows gives its domain in the apply', () => {
  const stack = newStack();
  const fromAddress = new TerraformVariable(stack, 'from', {}).stringValue;
  new TerraformOutput(stack, 'domain', { value: mailSignIn({ host: 'smtp.office365.com', username: 'gitlab', fromAddress }).domain });
  expect(synth(stack).output.domain.value).toBe('${element(split("@", var.from), 1)}');
});
