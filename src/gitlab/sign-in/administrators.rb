# frozen_string_literal: true

# Read by GitLab's Rails from standard input, after SIGN_IN (administrators, passwordSignInEnabled), PROMOTED (lines of identities that an earlier run
# made administrators) and PASSWORDS_OFF (whether an earlier run switched passwords off).
# What the script is to know goes out on lines that begin with `gitlab-server:`.
#
# A person is known by provider and id there, which nobody but the provider hands out. Names and mail addresses can be another person's tomorrow.
module GitLabAdministrators
  module_function

  def tell(kind, *words)
    puts "gitlab-server:#{[kind, *words].join(' ')}"
  end

  def user_of(wanted) = Identity.with_extern_uid(wanted['provider'], wanted['uid']).first&.user

  # Once: who was made one and then was not any more, by another administrator, stays so.
  def promote(wanted)
    line = "#{wanted['provider']} #{wanted['uid']}"
    return tell(:promoted, line) if PROMOTED.include?(line)

    user = user_of(wanted) or return
    # being on the list is the approval.
    user.activate! if user.blocked_pending_approval?
    return tell(:note, "the administrator #{wanted['uid']} of #{wanted['provider']} is blocked in GitLab and stays blocked") unless user.active?

    user.update!(admin: true) unless user.admin?
    tell(:promoted, line)
    tell(:note, "#{user.username} is now an administrator, as #{wanted['uid']} of #{wanted['provider']}")
  rescue StandardError => e
    tell(:problem, "#{wanted['uid']} of #{wanted['provider']} is not made an administrator: #{e.message.lines.first.to_s.strip[0, 300]} (#{e.class}); " \
                   'mend that, then run this step again')
  end

  def somebody?
    SIGN_IN['administrators'].any? do |wanted|
      user = user_of(wanted)
      user && user.active? && user.admin?
    end
  end

  def let_passwords_in(enabled)
    Gitlab::CurrentSettings.update!(password_authentication_enabled_for_web: enabled, password_authentication_enabled_for_git: enabled)
    tell(:passwords, enabled ? 'on' : 'off')
  end

  # Nobody is locked out: not before an administrator is known to come in the other way.
  def apply_passwords
    wanted = SIGN_IN['passwordSignInEnabled']
    return let_passwords_in(true) if wanted || (wanted.nil? && PASSWORDS_OFF)
    return if wanted.nil?
    return let_passwords_in(false) if somebody?

    tell(:note, 'passwords stay enabled until one of the administrators has signed in without one')
  rescue StandardError => e
    tell(:problem, "GitLab refuses its settings about passwords: #{e.message.lines.first.to_s.strip[0, 300]} (#{e.class}); run this step again")
  end

  def run
    SIGN_IN['administrators'].each { |wanted| promote(wanted) }
    apply_passwords
    tell('sign-in-done')
  end
end

Gitlab::SafeRequestStore.ensure_request_store { GitLabAdministrators.run }
