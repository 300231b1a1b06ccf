// How the names in the console's palette are typed by whoever types pinyin, without tones.

const syllables = {
  an: '安',
  bei: '被',
  bi: '闭',
  bo: '播',
  cha: '查',
  chang: '场',
  cheng: '成',
  chu: '除',
  ce: '策',
  de: '的',
  duan: '断',
  gai: '概',
  ge: '个',
  gong: '功',
  guan: '关',
  guang: '广',
  hao: '好',
  hu: '户',
  hua: '话',
  huan: '换',
  hui: '会',
  huo: '或',
  ji: '计',
  jian: '建',
  jiang: '将',
  jie: '接',
  ju: '拒',
  jue: '绝',
  kai: '开',
  kan: '看',
  lai: '来',
  lan: '览',
  lei: '类',
  li: '历',
  lian: '连练',
  liao: '料',
  ling: '令',
  lun: '轮',
  mi: '密',
  mian: '面',
  mou: '某',
  neng: '能',
  pai: '牌',
  pian: '偏',
  qiang: '强',
  qing: '请',
  quan: '全',
  ren: '人',
  ru: '入',
  shan: '删',
  she: '设',
  shen: '审',
  shi: '实时',
  ting: '停',
  xi: '息',
  xia: '下',
  xian: '线',
  xiao: '消',
  xin: '新',
  xing: '型',
  xu: '许',
  yan: '演',
  yao: '钥邀',
  ye: '页',
  yin: '因',
  ying: '应',
  yong: '用',
  yuan: '员源原',
  yun: '允',
  zhi: '制置',
  zi: '资',
};

const bySign = new Map(
  Object.entries(syllables).flatMap(([syllable, signs]) => Array.from(signs, (sign) => [sign, syllable] as const)),
);

/** Of the Chinese signs of a name; throws for one that is not above. */
export function pinyinOf(name: string): string {
  const signs = name.match(/\p{Script=Han}/gu) ?? [];
  return signs
    .map((sign) => {
      const syllable = bySign.get(sign);
      if (syllable === undefined) throw new Error(`support/pinyin.ts lacks ${sign} of ${name}`);
      return syllable;
    })
    .join('');
}
