/** The version that the azurerm provider built here calls itself; the module proxy serves no other. */
export const AZURERM_VERSION = '5.2.0';
export const AZURERM_MODULE_VERSION = 'v1.44.1-0.20260824201233-fae580791926';

/** Our own Helm provider is filed as the version whose arguments it takes. */
export const HELM_VERSION = '3.1.1';
/** The newest that this Go builds: later ones ask for another. */
export const KUBELOGIN_VERSION = 'v0.2.21';
export const OPENTOFU_VERSION = 'v1.10.10';
export const TIME_VERSION = '0.14.2';
