export declare const AZURERM_VERSION: string;
export declare const HELM_VERSION: string;
