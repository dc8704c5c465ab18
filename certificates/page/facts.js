// The signed claims in words: every field that the paper prints, as label and value.

import { DISTRICTS } from './words.js';

const ZONE = 'Asia/Shanghai';

export function facts(claims, words) {
  const [district, year, serial, digit] = claims.number.split('-');
  return [
    ['number', `${words.prefixes[claims.kind]}〔${year}〕${district}-${serial}-${digit}`],
    ['typed', claims.number, 'mono'],
    ['issuer', issuer(claims.school, district)],
    ['stage', claims.stage && words.stages[claims.stage]],
    ['level', claims.level && words.stars(claims.level)],
    ['period', claims.period && words.period(claims.period)],
    ['days', claims.days && words.between(day(claims.days[0]), day(claims.days[1]))],
    ['hours', words.hours(hours(claims.hours))],
    ['faceToFace', claims.faceToFace && words.hours(hours(claims.faceToFace))],
    ['result', claims.result && words.results[claims.result]],
    ['awardedOn', day(claims.awardedOn)],
    ['issuedAt', moment(claims.issuedAt)],
    ['validUntil', claims.expiresAt === null ? words.forEver : moment(claims.expiresAt - 1).slice(0, 10)],
    ['rulebook', claims.rulebook],
  ].filter(([, value]) => value);
}

export function issuer(school, district) {
  const place = school.startsWith('广州') || !DISTRICTS[district] ? '' : `广州市${DISTRICTS[district]}`;
  return `${place}${school}家长学校`;
}

export function hours(hundredths) {
  const [whole, rest] = (hundredths / 100).toFixed(2).split('.');
  return `${whole}.${rest.endsWith('0') ? rest[0] : rest}`;
}

export const day = (number) => new Date(number * 86400000).toISOString().slice(0, 10);

/** `2026-07-10 08:00:00` on the clocks of Guangzhou, wherever the verifier is. */
export function moment(seconds) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).formatToParts(new Date(seconds * 1000));
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
