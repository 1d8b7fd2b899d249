import { App, TerraformStack } from 'cdktf';
import { AzureProvider } from 'cdktf-azure-gitlab';

const app = new App();
const stack = new TerraformStack(app, 'gitlab');
new AzureProvider(stack, 'Azure');
app.synth();
