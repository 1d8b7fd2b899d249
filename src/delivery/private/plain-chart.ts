import { App, Chart } from 'cdk8s';

/** A chart of objects that are written out already; cdk8s would drop their nulls and sort their keys. */
export class PlainChart extends Chart {
  constructor(private readonly manifests: { [key: string]: any }[]) {
    super(new App(), 'Manifests');
  }

  public toJson(): any[] {
    return this.manifests;
  }
}
