/* QR codes from the camera: the browser's own detector where it has one, else zxing (WebAssembly). */
(function () {
  'use strict';
  var EVERY_MS = 120, SAME_AGAIN_MS = 4000, WIDTH = 1280;

  async function hasDetector() {
    try {
      return 'BarcodeDetector' in window && (await BarcodeDetector.getSupportedFormats()).includes('qr_code');
    } catch (error) { return false; }
  }

  function load(address) {
    return new Promise(function (resolve, reject) {
      var script = document.createElement('script');
      script.src = address; script.onload = resolve; script.onerror = reject;
      document.head.append(script);
    });
  }

  /* A function from a canvas to the text of the code on it, or undefined. */
  async function reader(addresses) {
    if (await hasDetector()) {
      var detector = new BarcodeDetector({ formats: ['qr_code'] });
      return async function (canvas) { var found = await detector.detect(canvas); return found[0] && found[0].rawValue; };
    }
    if (!window.ZXingWASM) await load(addresses.reader);
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: function () { return addresses.wasm; } } });
    return async function (canvas) {
      var pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      var found = await ZXingWASM.readBarcodes(pixels, { formats: ['QRCode'], maxNumberOfSymbols: 1, tryInvert: false });
      return found[0] && found[0].text;
    };
  }

  /* Show the camera and call back for each code; the same one again only after a while. */
  async function start(video, addresses, onText) {
    var wanted = { facingMode: { ideal: 'environment' }, width: { ideal: WIDTH }, height: { ideal: 720 } };
    var both = await Promise.all([reader(addresses), navigator.mediaDevices.getUserMedia({ audio: false, video: wanted })]);
    var read = both[0], stream = both[1], stopped = false, last = '', lastAt = 0;
    var canvas = document.createElement('canvas'), context = canvas.getContext('2d', { willReadFrequently: true });
    video.srcObject = stream;
    await video.play();

    async function look() {
      var scale = Math.min(1, WIDTH / video.videoWidth);
      canvas.width = video.videoWidth * scale; canvas.height = video.videoHeight * scale;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      var text = await read(canvas).catch(function () { return undefined; });
      if (!text || (text === last && performance.now() - lastAt < SAME_AGAIN_MS)) return;
      last = text; lastAt = performance.now();
      onText(text);
    }

    (async function loop() {
      while (!stopped) {
        if (video.readyState >= 2 && video.videoWidth && !document.hidden) await look();
        await new Promise(function (resolve) { setTimeout(resolve, EVERY_MS); });
      }
      stream.getTracks().forEach(function (track) { track.stop(); });
      video.srcObject = null;
    })();
    return function stop() { stopped = true; };
  }

  window.scanCamera = { start: start, hasDetector: hasDetector };
})();
