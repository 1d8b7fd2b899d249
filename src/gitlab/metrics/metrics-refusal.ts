import { known } from '../../private/rules/subject';
import { Mistake } from '../../private/validation-error';
import { isSection, Section } from '../gitlab-rb/omnibus-settings';
import { FilledProps } from '../private/filled-props';

/** What sends the metrics, and what has the most important ones. */
const SERVICES = ['prometheus', 'node_exporter'];

/** Why a server has no metrics to send, or sends them elsewhere already, as far as that is known. */
export function metricsRefusal({ lowMemoryTuningEnabled, omnibusSettings }: FilledProps): Mistake | undefined {
  const section = (name: string): Section => {
    const given: unknown = omnibusSettings?.[name] ?? {};
    return known(given) && isSection(given) ? given : {};
  };
  const isOff = (name: string) => section(name).enable === false;
  const off = ['prometheus_monitoring', ...SERVICES].find(isOff);
  if (off !== undefined) {
    return { prop: `omnibusSettings.${off}.enable`, problem: 'the alerts need GitLab\'s own Prometheus and its exporters', got: false, remedy: 'leave it out' };
  }
  if (lowMemoryTuningEnabled && section('prometheus_monitoring').enable === undefined) {
    return {
      prop: 'lowMemoryTuningEnabled', problem: 'GitLab\'s own Prometheus is off where memory is low', got: true,
      remedy: 'choose a larger vmSize, or set omnibusSettings.prometheus_monitoring.enable to true',
    };
  }
  const { remote_write: elsewhere } = section('prometheus');
  return elsewhere === undefined || elsewhere === null ? undefined : {
    prop: 'omnibusSettings.prometheus.remote_write', problem: 'takes the place of what sends the metrics to Azure', got: elsewhere, remedy: 'leave it out',
  };
}
