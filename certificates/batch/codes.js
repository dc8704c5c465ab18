// The QR codes on a picture, all of them, read by zxing (WebAssembly). The picture goes nowhere.

const LARGEST = 4096;
let loading = null;

/** The texts on a picture; an error where the browser cannot open it. */
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
  loading = loading || new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = addresses.reader;
    script.onload = resolve;
    script.onerror = () => { loading = null; reject(new Error('no reader')); };
    document.head.append(script);
  }).then(() => {
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => addresses.wasm } });
    return ZXingWASM;
  });
  return loading;
}
