// The words of the verify page, Chinese first. One word for each state, in both languages.

export const DISTRICTS = {
  440103: '荔湾区', 440104: '越秀区', 440105: '海珠区', 440106: '天河区', 440111: '白云区', 440112: '黄埔区',
  440113: '番禺区', 440114: '花都区', 440115: '南沙区', 440117: '从化区', 440118: '增城区',
};

// state: [colour, icon, heading, explanation]
const zhStates = {
  valid: ['ok', 'check', '证书有效', '签名正确，未被撤销'],
  expired: ['warn', 'clock', '证书已过期', '签发属实，有效期已满'],
  suspended: ['warn', 'pause', '证书已暂停', '签发单位正在复核，暂请勿采信'],
  revoked: ['bad', 'cross', '证书已撤销', '请勿采信'],
  replaced: ['warn', 'again', '证书已换发', '请持证人出示新证书'],
  withdrawn: ['mute', 'minus', '证书已注销', '持证人已自行注销'],
  forged: ['bad', 'cross', '伪造证书', '内容与签名不符，请勿采信'],
  not_found: ['mute', 'help', '查无此证', '这个链接里没有证书内容'],
  status_unknown: ['mute', 'help', '签名有效，状态未核', '签发属实，但现在查不到是否已被撤销'],
  cannot_check: ['mute', 'help', '现在无法核验', '这不表示证书有假'],
  checking: ['mute', 'clock', '正在核验', '请稍候'],
};
const enStates = {
  valid: ['ok', 'check', 'Valid', 'The signature is good and the certificate is not revoked'],
  expired: ['warn', 'clock', 'Expired', 'Genuine, but past its last valid day'],
  suspended: ['warn', 'pause', 'Suspended', 'The issuer is reviewing it; do not rely on it for now'],
  revoked: ['bad', 'cross', 'Revoked', 'Do not rely on it'],
  replaced: ['warn', 'again', 'Replaced', 'Ask the holder for the new certificate'],
  withdrawn: ['mute', 'minus', 'Withdrawn', 'Withdrawn by its holder'],
  forged: ['bad', 'cross', 'Forged', 'Content and signature do not match; do not rely on it'],
  not_found: ['mute', 'help', 'Not found', 'This link carries no certificate'],
  status_unknown: ['mute', 'help', 'Signature valid, status unknown', 'Genuine, but whether it was revoked cannot be told now'],
  cannot_check: ['mute', 'help', 'Cannot be checked now', 'This does not mean that it is false'],
  checking: ['mute', 'clock', 'Checking', 'One moment'],
};

const zh = {
  title: '证书核验', switch: 'EN', states: zhStates, holder: '持证人', why: '为什么可信', byHand: '输入编号和验证码核验',
  compare: '请把姓名首尾、编号、学时和日期与手中的证书逐项对照；不一致即为假证。',
  notice: '本证书是家长学习经历的证明，不是职业资格或行政许可，不与子女入学、编班、评优挂钩。',
  private: '核验在您的浏览器内完成，证书内容没有发送给任何服务器。',
  kinds: { annual_completion: '结业证书', stage_completion: '学段结业证书', star_level: '星级家长证书', statement_of_hours: '学时证明' },
  prefixes: { annual_completion: '穗家结', stage_completion: '穗家结', star_level: '穗家星', statement_of_hours: '穗家学' },
  stages: { kindergarten: '学前', primary: '小学', junior: '初中', senior: '高中', vocational: '中职', special: '特教' },
  results: { pass: '合格', merit: '优秀' },
  labels: { number: '证书编号', typed: '录入编号', kind: '证书类型', issuer: '签发单位', stage: '学段', level: '星级', period: '学习时段', days: '起止日期',
    hours: '学时', faceToFace: '其中面授', result: '考核成绩', awardedOn: '证书日期', issuedAt: '签发时间', validUntil: '有效期至', rulebook: '规则版本' },
  period: (signed) => signed,
  hours: (value) => `${value} 学时`, stars: (level) => `${'★'.repeat(level)}${'☆'.repeat(5 - level)} ${'〇一二三四五'[level]}星级`,
  forEver: '长期', between: (first, last) => `${first} 至 ${last}`, checkedAt: (time) => `${time} 核验`,
  signature: (key) => `数字签名正确（Ed25519，密钥 ${key}）`, listAsOf: (time) => `状态列表：${time}`,
  listProblems: { stale: '状态列表已过期', unavailable: '状态列表取不到', kept: '没有网络，用的是上次的列表' },
  commitment: '姓名承诺', id: '证书标识',
  reasons: {
    no_payload: '请重新扫描证书上的二维码，或改用编号和验证码核验。', malformed: '二维码内容不完整或已被改动。',
    unknown_key: '签名的密钥不属于本系统。', compromised_key: '签名的密钥已失密作废；如证书属实，请签发学校换发。',
    bad_signature: '内容被改动过，或不是本系统签发。', outside_key_window: '签发时间不在密钥的有效期内。',
    no_ed25519: '这个浏览器不能验证 Ed25519 签名。请用较新的浏览器或微信打开，或输入编号和验证码核验。',
    no_network: '没有网络，取不到签发单位的公钥。请联网后再试。',
    no_proof: '签名的密钥已失密作废，能证明证书更早签发的记录现在取不到。请联网后再试。',
    fault: '本页出了差错。请换一个浏览器，或输入编号和验证码核验。',
  },
  provedOlder: (time) => `签名的密钥已于 ${time} 失密作废；公开日志证明这张证书在失密之前就已签发`,
  bewareTitle: '怎样识别假证书',
  beware: (host) => [
    `请看浏览器地址栏：本页的网址是 ${host}，应与证书上印的查验网址完全相同。`,
    '假证书上的二维码会打开假网页，假网页也会写“有效”。不要相信陌生人的二维码打开的网页。',
    '拿不准时，请自己在浏览器里输入主管部门公布的网址，再输入证书编号和验证码核验。',
  ],
};

const en = {
  title: 'Certificate check', switch: '中文', states: enStates, holder: 'Holder', why: 'Why this can be trusted',
  byHand: 'Check by number and check code',
  compare: 'Compare name, number, hours and dates with the paper in your hand, one by one; if they differ, the paper is false.',
  notice: 'This certificate shows what a parent has learned. It is no professional qualification or licence and plays no part in a child’s admission, class or awards.',
  private: 'Checked in your browser; the certificate was not sent to any server.',
  kinds: { annual_completion: 'Certificate of completion', stage_completion: 'Certificate of completion (stage)', star_level: 'Star parent certificate', statement_of_hours: 'Statement of hours' },
  prefixes: zh.prefixes,
  stages: { kindergarten: 'Kindergarten', primary: 'Primary', junior: 'Junior secondary', senior: 'Senior secondary', vocational: 'Vocational', special: 'Special' },
  results: { pass: 'Pass', merit: 'Merit' },
  labels: { number: 'Number', typed: 'Number to type', kind: 'Kind', issuer: 'Issuer', stage: 'Stage', level: 'Stars', period: 'Period', days: 'From and to',
    hours: 'Hours', faceToFace: 'Face to face', result: 'Exam', awardedOn: 'Date', issuedAt: 'Signed', validUntil: 'Valid until', rulebook: 'Rulebook' },
  period: (signed) => signed.replace(/^(\d{4})学年$/, 'School year $1'),
  hours: (value) => `${value} credit hours`, stars: (level) => `${'★'.repeat(level)}${'☆'.repeat(5 - level)}`,
  forEver: 'No expiry', between: (first, last) => `${first} to ${last}`, checkedAt: (time) => `Checked ${time}`,
  signature: (key) => `Signature good (Ed25519, key ${key})`, listAsOf: (time) => `Status list as of ${time}`,
  listProblems: { stale: 'The status list is out of date', unavailable: 'The status list cannot be had', kept: 'Offline: the list of an earlier visit' },
  commitment: 'Name commitment', id: 'Certificate id',
  reasons: {
    no_payload: 'Scan the code on the certificate again, or check by number and check code.', malformed: 'The code is incomplete or was changed.',
    unknown_key: 'The signing key is none of ours.', compromised_key: 'The signing key was given up as compromised; if the certificate is genuine, the school reissues it.',
    bad_signature: 'The content was changed, or was not signed by us.', outside_key_window: 'Signed outside the time of its key.',
    no_ed25519: 'This browser cannot check Ed25519 signatures. Open the link in a newer one, or check by number and check code.',
    no_network: 'No network: the public keys of the issuer cannot be had. Try again when online.',
    no_proof: 'The signing key was given up, and the record that may prove this certificate older cannot be had now. Try again when online.',
    fault: 'This page has failed. Use another browser, or check by number and check code.',
  },
  provedOlder: (time) => `The signing key was given up on ${time}; the public log proves this certificate older than its theft`,
  bewareTitle: 'How to tell a false certificate',
  beware: (host) => [
    `Look at the address bar: this page is at ${host}; the certificate must print the very same address.`,
    'The code on a false certificate opens a false page, and that page says “valid”, too. Never trust a page that a stranger’s code has opened.',
    'When in doubt, type the address that the authority has published yourself, and check by number and check code there.',
  ],
};

export const WORDS = { zh, en };
