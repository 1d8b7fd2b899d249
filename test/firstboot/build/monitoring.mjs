// Prometheus and its node exporter, Debian's, in the machine's root where Omnibus would bring its own.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianPackage } from '../../programs/debian.mjs';

const FOLDER = '/usr/lib/omnibus-monitoring';

export function prepareMonitoring(machineRoot, cache, log) {
  mkdirSync(join(machineRoot, FOLDER), { recursive: true });
  for (const name of ['prometheus', 'prometheus-node-exporter']) {
    copyFileSync(join(debianPackage(cache, name, log), 'usr/bin', name), join(machineRoot, FOLDER, name));
  }
}
