import { ApplicationInsights } from '@cdktf/provider-azurerm/lib/application-insights';
import { ApplicationInsightsStandardWebTest } from '@cdktf/provider-azurerm/lib/application-insights-standard-web-test';
import { Construct } from 'constructs';
import { AzureCloud } from '../../azure/azure-cloud';
import { partName } from '../../azure/names/part-names';
import { Placement } from '../../azure/place/placement';
import { suffixed } from '../../private/default-name';

const CERTIFICATE_DAYS = 14;

/** Where the tests come from, by Azure's ids: West Europe, East US and Southeast Asia; of the government's cloud Virginia, Arizona and Texas. */
const PLACES: { readonly [cloud: string]: readonly string[] } = {
  [AzureCloud.PUBLIC]: ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr'],
  [AzureCloud.US_GOVERNMENT]: ['usgov-va-azr', 'usgov-phx-azr', 'usgov-tx-azr'],
};

export interface OutsideTestProps {
  readonly placement: Placement;
  readonly namePrefix: string;
  readonly workspaceId: string;
  readonly cloud: AzureCloud;
  readonly gitlabUrl: string;
  readonly certificateTestEnabled: boolean;
}

/** Tests from the Internet. What becomes of them is in the workspace. */
export class OutsideTest extends Construct {
  public readonly testName: string;
  /** Not where nobody asks for it. A test that looked at both would be silent about a fault as long as the certificate is one. */
  public readonly certificateTestName?: string;
  private readonly insightsId: string;

  constructor(scope: Construct, id: string, private readonly props: OutsideTestProps) {
    super(scope, id);
    const { namePrefix, placement, cloud } = props;
    this.insightsId = new ApplicationInsights(this, 'Insights', {
      ...placement,
      name: partName(this, 'applicationInsights', suffixed(namePrefix, '-tests', 255)),
      applicationType: 'web',
      workspaceId: props.workspaceId,
      // of few records none is to be left out.
      samplingPercentage: 100,
    }).id;
    const places = PLACES[cloud];
    this.testName = this.createTest('Reachable', { name: `${namePrefix}-reachable`, frequency: 300, geoLocations: [...places] });
    if (props.certificateTestEnabled) {
      this.certificateTestName = this.createTest('Certificate', {
        name: `${namePrefix}-certificate`, frequency: 900, geoLocations: [places[0]],
        validationRules: { expectedStatusCode: 200, sslCheckEnabled: true, sslCertRemainingLifetime: CERTIFICATE_DAYS },
      });
    }
  }

  private createTest(
    id: string, test: { readonly name: string; readonly frequency: number; readonly geoLocations: string[]; readonly validationRules?: object },
  ): string {
    new ApplicationInsightsStandardWebTest(this, id, {
      ...this.props.placement,
      validationRules: { expectedStatusCode: 200, sslCheckEnabled: false },
      ...test,
      applicationInsightsId: this.insightsId,
      enabled: true,
      // three times before it counts as failed.
      retryEnabled: true,
      timeout: 30,
      request: { url: `${this.props.gitlabUrl}/users/sign_in`, httpVerb: 'GET', followRedirectsEnabled: true, parseDependentRequestsEnabled: false },
    });
    return test.name;
  }
}
