import { UbuntuImage } from '../../src';

describe('the image', () => {
  test('may be another one', () => {
    const image = UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu-26_04-lts', sku: 'server', codename: 'resolute', version: '26.04.1' });
    expect([image.offer, image.codename, image.version, image.arm64]).toEqual(['ubuntu-26_04-lts', 'resolute', '26.04.1', false]);
  });

  test('fails when a part is missing', () => {
    expect(() => UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu', sku: '', codename: 'noble' }))
      .toThrow(new Error('sku: not a valid value, got ""; give it as `az vm image list --output table` shows it (at UbuntuImage.of)'));
  });

  test('fails when the release is a number', () => {
    expect(() => UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu', sku: 'server', codename: '24.04' })).toThrow(new Error(
      'codename: not a valid value, got "24.04"; give the first word of the release\'s name, such as "noble" (at UbuntuImage.of)',
    ));
  });
});
