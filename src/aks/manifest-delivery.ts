export class ManifestDelivery {
  static files(): ManifestDelivery { return new ManifestDelivery(); }
}
