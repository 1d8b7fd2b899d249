# shellcheck shell=bash
# Before GitLab is installed: the backup to begin with, whose version is the one to install.

begin backup-choice "$@"
require_data_disk
leave_if_restored
choose_backup
say "this server begins with the backup $NAME"
