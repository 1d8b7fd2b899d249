import { Machine, Outcome } from './machine';
import { RunCommand } from './program';

/** A run command on its way. */
export interface HandedOver {
  readonly unit: string;
  /** Where its standard output and errors go. */
  readonly folder: string;
  readonly done: Promise<Outcome>;
}

/** Hands a run command over as Azure's agent does: root, no terminal, almost no environment, output into files; `under` is a program that runs the script instead of bash alone. */
export function handOver(machine: Machine, sequence: number, { name, script, parameters }: Omit<RunCommand, 'machine'>, under: readonly string[] = []): HandedOver {
  const folder = `/var/lib/waagent/run-command-handler/download/${name}/${sequence}`;
  const unit = `run-command-${sequence}`;
  machine.write(`${folder}/script.sh`, script, 0o500);
  const done = machine.try('systemd-run', '--quiet', '--wait', '--collect', `--unit=${unit}`, '--property=KillMode=process',
    `--property=WorkingDirectory=${folder}`, '--property=StandardInput=null', `--property=StandardOutput=file:${folder}/stdout`,
    `--property=StandardError=file:${folder}/stderr`, ...Object.entries(parameters).map(([variable, value]) => `--setenv=${variable}=${value}`),
    ...under, '/bin/bash', '-c', `${folder}/script.sh`);
  return { unit, folder, done };
}
