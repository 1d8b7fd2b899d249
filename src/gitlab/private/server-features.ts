import { Construct } from 'constructs';
import { Feature, FeatureMachine, FeatureParts, FeaturePlan, FeatureSurroundings, FurtherMachines } from './feature';
import { FEATURES } from './features';
import { FilledProps } from './filled-props';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OpenPort } from '../machine/network';

/** The features of one server: each is checked and made when its turn comes, and what all of them add is asked for by its name. */
export class ServerFeatures {
  private readonly plans: readonly FeaturePlan[];
  private readonly made: FeatureParts[] = [];

  constructor(props: FilledProps) {
    this.plans = FEATURES.map((feature: Feature) => feature.plan(props));
  }

  public get ports(): OpenPort[] {
    return this.plans.flatMap(({ ports }) => ports ?? []);
  }

  public get balanced(): boolean {
    return this.plans.some(({ balanced }) => balanced);
  }

  public get findings(): Finding[] {
    return this.plans.flatMap(({ findings }) => findings ?? []);
  }

  public check(scope: Construct): void {
    this.plans.forEach((plan) => plan.check?.(scope));
  }

  public warn(scope: Construct): void {
    this.plans.forEach((plan) => plan.warn?.(scope));
  }

  public create(surroundings: FeatureSurroundings): void {
    this.plans.forEach((plan) => this.add(plan.create?.({
      ...surroundings, logSources: [...surroundings.logSources, ...this.all('logSources')],
    })));
  }

  public createForMachine(surroundings: FeatureSurroundings, machine: FeatureMachine): void {
    this.plans.forEach((plan) => this.add(plan.createForMachine?.(surroundings, machine)));
  }

  public createFurtherMachines(surroundings: FeatureSurroundings, machines: FurtherMachines): void {
    this.plans.forEach((plan) => plan.createFurtherMachines?.(surroundings, machines));
  }

  /** What all features that have been made add to a list of the server's. */
  public all<K extends 'vaultReaders' | 'usable' | 'identityIds' | 'logSources' | 'outputs'>(part: K): NonNullable<FeatureParts[K]>[number][] {
    return this.made.flatMap((parts): readonly NonNullable<FeatureParts[K]>[number][] => parts[part] ?? []);
  }

  public get setUp() {
    return this.made.flatMap(({ setUp }) => setUp ?? []);
  }

  public get attributes() {
    return Object.assign({}, ...this.made.map(({ attributes }) => attributes)) as NonNullable<FeatureParts['attributes']>;
  }

  private add(parts: FeatureParts | undefined): void {
    this.made.push(...parts ? [parts] : []);
  }
}
