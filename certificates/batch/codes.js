// The QR codes on a picture, all of them, read by zxing (WebAssembly). The picture goes nowhere.

const LARGEST = 4096;
let loading = null;

export class NoReader extends Error {}

/** The texts on a picture; an error where the browser cannot open it, NoReader where zxing cannot be had. */
export async function codesOn(picture, addresses) {
  const bitmap = await createImageBitmap(picture);
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const zxing = await reader(addresses);
  const found = await zxing.readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), {
    formats: ['QRCode'], maxNumberOfSymbols: 255, tryHarder: true, tryInvert: false,
  });
  return found.map((each) => each.text);
}

function reader(addresses) {
  loading = loading || loaded(addresses).catch(() => {
    loading = null;
    throw new NoReader();
  });
  return loading;
}

async function loaded(addresses) {
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { src: addresses.reader, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => addresses.wasm }, fireImmediately: true });
  return ZXingWASM;
}
