// The public files: keys, status lists, proofs. Asked for by their address alone.

const TIMEOUT = 8000;

export async function load(path) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT);
  try {
    const answer = await fetch(path, {
      credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache', signal: patience.signal,
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    bytes.kept = answer.headers.get('x-kept') === 'yes'; // by offline.js, from an earlier visit
    return bytes;
  } finally {
    clearTimeout(timer);
  }
}
