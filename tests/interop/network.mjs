// The network of the tests: the files that were given, at their addresses, and the time that was set.
let files = {}, moment = null;

export function published({ files: given }) {
  files = given;
}

export function setTime(now) {
  moment = now * 1000;
}

/** The JSON at an address, or an error as for a server that is not there. */
export function found(address) {
  if (!(address in files)) throw new Error(`nothing at ${address}`);
  return files[address];
}

globalThis.fetch = async (asked) => {
  const address = typeof asked === 'string' ? asked : asked.url;
  if (!(address in files)) return new Response('', { status: 404 });
  return new Response(JSON.stringify(files[address]), { headers: { 'content-type': 'application/json' } });
};

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length || moment === null ? parts : [moment]));
  }

  static now() {
    return moment ?? RealDate.now();
  }
};
