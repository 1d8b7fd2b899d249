import { known, refusal, Subject } from '../../private/rules/subject';
import { inside } from '../config/plain-data';
import { Settings } from '../config/settings';
import { JobPodSecurityContext } from '../runner-options';

const OF_CONTAINERS = ['build', 'helper', 'service', 'init_permissions'].map((container) => `${container}_container_security_context`);

/** Refuses what the API server or the node refuses of containers, so that no job would start. */
export function refuseUnstartableContainers(subject: Subject, settings: Settings, pod: JobPodSecurityContext): void {
  for (const [key, context] of contextsOf(settings)) {
    const here = inside(subject, `.${key}`);
    if (context.privileged === true && context.allow_privilege_escalation === false) {
      throw refusal(inside(here, '.allow_privilege_escalation'), 'privileged containers can always gain privileges', false, 'leave it out, or drop privileged');
    }
    const user: unknown = context.run_as_user ?? pod.runAsUser;
    if ((context.run_as_non_root ?? pod.runAsNonRoot) === true && user === 0) {
      throw refusal(inside(here, '.run_as_user'), `root, which ${context.run_as_non_root === true ? 'run_as_non_root' : 'podSecurityContext.runAsNonRoot'} forbids`, user,
        'take another user, or set run_as_non_root to false there');
    }
  }
}

/** The settings with what goes with privileges: the runner's word for all containers would be there in place of it. */
export function completeContexts(settings: Settings): Settings {
  const privileged = contextsOf(settings).filter(([, context]) => context.privileged === true);
  return { ...settings, ...Object.fromEntries(privileged.map(([key, context]) => [key, { allow_privilege_escalation: true, ...context }])) };
}

function contextsOf(settings: Settings): [string, Settings][] {
  return Object.entries<Settings>(settings).filter(([key, context]) => OF_CONTAINERS.includes(key) && known(context));
}
