// Faults that somebody could make in the server's scripts, each of which a test file has to find. `node test/firstboot/run.mjs --mutants [word…]` runs the files
// on packages with one fault each; words choose faults by what they are called.
import { putFault } from '../tier.mjs';

/** What it is, the test file that has to fail, the script, the text of the script, what is there instead. */
export const MUTANTS = [
  ['a cut off mkfs is not remembered', 'disk', 'data-disk.sh', '    write_file "$INTENT" 600 <"$WORK/intent"', '    true'],
  ['what a disk begins or ends with is not looked at', 'disk', 'data-disk.sh', ' && is_zero; then', '; then'],
  ['a mount hides files', 'disk', 'data-disk.sh', 'if [ -n "$(find "$path" -mindepth 1 -print -quit)" ] &&', 'if false &&'],
  ['GitLab starts without its disk', 'disk', 'data-disk.sh', '\nwrite_guard\n', '\n'],
  ['no room is asked for before an upgrade', 'disk', 'upgrade.sh', 'require_space /var/opt/gitlab', 'true'],
  ['host keys are not kept', 'replacement', 'data-disk.sh', '\nkeep_host_keys\n', '\n'],
  ['lost secrets are not restored', 'replacement', 'gitlab.sh', '\nrestore_secrets\n', '\n'],
  ['newer code meets older data', 'replacement', 'packages.sh', 'if [ -z "$DATA" ]; then', 'if true; then'],
  ['any signing key will do', 'outages', 'packages.sh', '[ "$prints" = "$SIGNING_KEY" ] ||', 'true ||'],
  ['an outdated script does its work', 'outages', 'lib.sh', '\n  leave_if_outdated\n', '\n'],
  ['steps do not wait for each other', 'outages', 'lib.sh', 'flock --wait "$(time_left)" 9', 'true'],
  ['Key Vault is asked once', 'outages', 'lib.sh', 'if [ $((SECONDS - started)) -gt "$PATIENCE" ]; then\n      die "Key Vault', 'if true; then\n      die "Key Vault'],
  ['a name that is not known yet ends a step', 'outages', 'lib.sh', 'if [ "$HTTP_STATUS" = 400 ]; then\n      die "Key Vault', 'if [[ $HTTP_STATUS == [04]00 ]]; then\n      die "Key Vault'],
  ['no backup before an upgrade', 'backup', 'upgrade.sh', '\n  back_up_before_upgrade\n', '\n'],
  ['the secrets are not backed up', 'backup', 'backup.sh', 'blob_upload "$SECRETS_CONTAINER/$name.tar.gz"', 'true'],
  ['a backup fills the disk', 'backup', 'backup.sh', '\n  require_space_for_backup\n', '\n'],
  ['an archive that was cut off looks whole', 'backup', 'blob.sh', 'wait "$producer" || die', 'wait "$producer" || say'],
  ['a failed backup leaves no trace', 'backup', 'backup.sh', 'OnFailure=gitlab-backup-failed.service\n', ''],
  ['projects are restored over', 'backup', 'restore.sh', '  require_no_projects "${3-}"\n', ''],
  ['a timer that was cut off never starts', 'kills', 'backup.sh', '  start_timer gitlab-backup\n', '  [ -z "$CHANGED" ] || start_timer gitlab-backup\n'],
  ['the restored secrets are not taken', 'backup', 'restore.sh', '  restore_configuration "$name"\n', ''],
  ['background migrations are not awaited', 'upgrade', 'upgrade.sh', '\n  finish_background_migrations\n', '\n'],
  ['a required stop is passed', 'upgrade', 'upgrade.sh', 'if [ -z "$WAY" ]; then', 'if true; then'],
  ['GitLab sees what the script was told', 'upgrade', 'lib.sh', '*) export -n "${name?}" ;;', '*) ;;'],
  ['one backup serves all steps of the way', 'upgrade', 'upgrade.sh', '[ "${made% *}" = "$INSTALLED-$INSTALLED_EDITION" ]', '[ -n "$made" ]'],
  ['a half unpacked package counts as installed', 'kills', 'packages.sh', '    again=(--reinstall)\n', '    :\n'],
  ['a failed step ends like a good one', 'features', 'lib.sh', '  echo "exit:$code"', '  echo "exit:0"'],
  ['a password that is out of use stays', 'features', 'mail.sh', '[ -n "${SMTP_VAULT-}" ] || rm', 'true || rm'],
  ['a certificate is renewed when it has ended', 'certificate', 'certificate.sh', '-checkend 1296000', '-checkend 0'],
  ['nginx is told of a certificate once', 'certificate', 'certificate.sh', '[ "$SSL/server.crt" -nt "$OS_STATE/reconfigured" ]', '[ -n "${CHANGED-}" ]'],
  ['every run configures', 'first-boot', 'gitlab.sh', '  if [ -f "$DATA_STATE/set-up" ] && [ "$(cat', '  if false && [ "$(cat'],
  ['a secret is an argument', 'first-boot', 'lib.sh', '  printf \'%s\' "$value" | python3', '  /bin/echo -n "$value" | python3'],
  ['the first password is an argument', 'first-boot', 'gitlab.sh', 'GITLAB_ROOT_PASSWORD=$ROOT_PASSWORD run "setting GitLab up" gitlab-ctl',
    'run "setting GitLab up" env "GITLAB_ROOT_PASSWORD=$ROOT_PASSWORD" gitlab-ctl'],
  ['the token of a removed runner stays', 'first-boot', 'runners.sh', '  vault_call DELETE "$RUNNER_VAULT" "secrets/$name"\n', ''],
  ['names of GitLab are options of tar', 'backup', 'backup.sh', '-cf - -- "${parts', '-cf - "${parts'],
  ['lines of a name are names', 'backup', 'backup.sh', 'remove_backup_parts() { backup_parts -exec rm -rf {} +; }', 'remove_backup_parts() { backup_parts | while read -r part; do rm -rf "$part"; done; }'],
  ['root unpacks into GitLab\'s folder', 'backup', 'restore.sh', 'setpriv --reuid=git --regid=git --clear-groups tar', 'tar --no-same-owner'],
  ['the list of runners is not backed up', 'backup', 'backup.sh', 'configuration+=("$DATA_STATE/runners")', 'true'],
  ['what a cut off run made is made again', 'kills', 'runners.rb', 'Ci::Runner.where(runner_type: scope.type, maintenance_note: note_of(wanted, scope)).order(:id).find do', '[].find do'],
  ['a note that a member wrote counts', 'runners', 'runners.rb', "Ci::Runner.where(runner_type: 'instance_type', registration_type: 'authenticated_user')", 'Ci::Runner.where({})'],
  ['a copied mark counts', 'runners', 'runners.rb', "one.registration_type == 'authenticated_user' && one.creator&.admin? && owner_of(one) == scope.owner", 'true'],
  ['a note removes a runner', 'runners', 'runners.rb', 'if LISTED.nil?', 'if false'],
  ['an id makes a runner ours', 'runners', 'runners.rb', ' && runner.created_at.to_i == line.created', ''],
  ['an id and an age make a runner ours', 'runners', 'runners.rb', 'runner.runner_type == line.type && ', ''],
  ['any text is a line of the list', 'runners', 'runners.sh', '[ -z "$odd" ] ||', 'true ||'],
  ['the secret of a removed runner stays on no list', 'runners', 'runners.sh', 'awk \'FILENAME == ARGV[1] { used[$1]; next } !($2 in used)\'', 'true \'\''],
  ['the last runner leaves its secret', 'runners', 'runners.sh', 'FILENAME == ARGV[1]', 'NR == FNR'],
  ['a path that was taken gets the runner', 'runners', 'runners.rb', 'if earlier && earlier.owner != found.id', 'if false'],
  ['one runner that cannot be made stops all', 'runners', 'runners.sh', '! grep -q \'^gitlab-server:done\' "$WORK/lines"; then', 'true; then'],
  ['members can read the list', 'runners', 'runners.sh', 'write_file "$LIST" 600 <"$WORK/list"', 'write_file "$LIST" 644 <"$WORK/list"'],
];

/** Puts one fault into the package that an application has. */
export function mutate(app, [, , script, text, instead]) {
  putFault(app, `assets/gitlab/${script}`, text, instead);
}
