// Asks the verifiers of others: one JSON question a line on standard input, one answer a line.
import { createInterface } from 'node:readline';

const FAMILIES = { cose: './cose.mjs', pictures: './pictures.mjs', page: './page.mjs',
  credentials: './credentials.mjs', network: './network.mjs' };

for await (const line of createInterface({ input: process.stdin })) {
  const { family, question, ...facts } = JSON.parse(line);
  let answer;
  try {
    const asked = await import(FAMILIES[family]);
    answer = { answer: await asked[question](facts) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
