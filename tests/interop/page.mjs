// The page's own judge, given its files instead of a network.
import { judge } from '../../certificates/page/verify.js';

export async function judged({ text, files, now }) {
  const load = async (path) => {
    if (!(path in files)) throw new Error(`no file ${path}`);
    return Uint8Array.from(Buffer.from(files[path], 'base64'));
  };
  return judge(text, load, now);
}
