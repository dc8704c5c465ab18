// jsQR and ZXing (as WebAssembly): what they read in a PNG.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm) }, fireImmediately: true });

const picture = (png) => PNG.sync.read(Buffer.from(png, 'base64'));

export async function jsqr({ png }) {
  const { data, width, height } = picture(png);
  const found = jsQR(new Uint8ClampedArray(data), width, height);
  return found && found.data;
}

export async function zxing({ png }) {
  const { data, width, height } = picture(png);
  const found = await readBarcodes({ data: new Uint8ClampedArray(data), width, height, colorSpace: 'srgb' },
    { formats: ['QRCode'], tryHarder: true });
  return found.length ? found[0].text : null;
}
