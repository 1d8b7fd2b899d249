# shellcheck shell=bash
# Before GitLab is installed: the backup to begin with, whose version is the one to install. What is missing or cut off is told here.

begin backup-choice "$@"
require_data_disk
leave_if_restored
choose_backup
check_archive "$NAME"
fetch_configuration "$NAME"
keep_choice
say "this server begins with the backup $NAME"
