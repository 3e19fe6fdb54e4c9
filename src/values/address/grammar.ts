import { CITIES, PROVINCES } from './places.js';

/**
 * The grammar of a Chinese address, largest to smallest, as regular expressions of the RE2 subset over canonical text.
 * It knows the endings of things (路, 幢, 室 …), not their names; only provinces and prefectures are known by name,
 * because their endings are left out most often.
 */

/** A character of a name of an area: what ends other things cannot be inside of one. */
const N = '[^0-9A-Z区县市旗镇乡街路道巷弄村号园院厂楼苑厦()#,-]';
/** 小区, 社区, 校区 … are not districts. */
const BEFORE_DISTRICT = '[^0-9A-Z区县市旗镇乡街路道巷弄村号园院厂楼苑厦小社校片库业发技税假范景教创住()#,-]';

const PROVINCE_WORD = '省|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区';
const CITY_WORD = '市|地区|盟|[^0-9区县市路街道]{0,6}自治州';
export const PROVINCE = `(?:中国)?(?:${PROVINCES.join('|')})(?:${PROVINCE_WORD})`;
const CITY = `(?:${CITIES.join('|')})`;

const ZONE_KIND =
  '工业园区|高新技术产业开发区|高新技术开发区|高新技术产业园区|高新区|经济技术开发区|经济开发区|经开区|技术开发区|开发区|保税港区|保税物流园区|综合保税区|综保区|保税区|出口加工区|旅游度假区|度假区|示范区|合作区|管理区';
// Names are given no greatest length: a bounded repetition is compiled once for each length.
export const ZONE = `${N}*?(?:${ZONE_KIND})`;
const DISTRICT_ONLY = `[路道镇乡市城]?${N}{0,3}?${BEFORE_DISTRICT}区|[路道镇乡市]?${N}+?(?:县|旗)|[城郊矿东西南北]区`;
/** A district, county or county-level city; the last never stands below another one, so that 昆山市周市镇 is a town. */
export const DISTRICT = `(?:${DISTRICT_ONLY}|${N}{1,4}?市)`;
const STREET = `[^0-9号()#,-]+?街道(?:办事处)?|古镇镇|${N}{1,3}市镇|${N}*?[^0-9A-Z区县市旗镇乡街路道巷弄村号园院厂楼苑厦小()#,-](?:镇|乡|苏木)`;
const COMMUNITY = `[^0-9A-Z县市镇乡路街道号()#,-]+?(?:社区居民?委员?会|社区|居委会|居民委员会|村民?委员?会|村委会|行政村)`;

const SHORT_PROVINCE = `(?:中国)?(?:${PROVINCES.join('|')})`;
/**
 * Everything above the road. A province or city without its 省 or 市 is believed only where an area follows:
 * 北京海淀区 is in Beijing, 北京东路 is a road in Shanghai.
 */
const UPPER =
  `^(?:${PROVINCE})?` +
  `(?:(?:${SHORT_PROVINCE})?${CITY}(?:${CITY_WORD}))?` +
  `(?:(?:${SHORT_PROVINCE})?(?:${CITY})?(?:园区|(?:${ZONE}|${DISTRICT})(?:${ZONE}|${DISTRICT_ONLY})?(?:${ZONE})?))?`;
export const ADMIN = `${UPPER}(?:${STREET})?(?:${COMMUNITY})?(?:${ZONE})?`;
/** Where what is left would be a road without a name: 城镇中路 is one road, 古镇路 another. */
export const ADMIN_WITHOUT_TOWN = `${UPPER}(?:[^0-9号()#,-]+?街道(?:办事处)?)?`;
export const NAMELESS_ROAD = '^[东西南北中一二三四五六七八九十]?(?:大道|大街|马路|公路|路|街|道|巷|弄|胡同)';

/** Province and prefecture at the head of an area, and what follows them. */
export const PROVINCE_AND_CITY = `^(?:中国)?(?:(?:${PROVINCES.join('|')})(?:${PROVINCE_WORD}))?(?:(?:${SHORT_PROVINCE})?${CITY}(?:${CITY_WORD})?)?`;
export const PROVINCE_NAME = `^(?:中国)?(${PROVINCES.join('|')})`;
/** What precedes and follows the city's own name in it. 吉林市 is a city of 吉林省: a province's name goes only if something stays. */
export const PROVINCE_PREFIX = `^(?:中国)?(?:(?:${PROVINCES.join('|')})(?:${PROVINCE_WORD}))?(?:${PROVINCES.filter((x) => x !== '吉林').join('|')})?`;
export const CITY_SUFFIX = `(?:${CITY_WORD})$`;
/** What may follow the city, in this order, each at the head of what is left. */
export const BELOW_CITY: readonly (readonly [part: string, pattern: string])[] = [
  ['zone_a', `^(?:园区|${ZONE})`],
  ['district_a', `^(?:${DISTRICT}(?:${DISTRICT_ONLY})?)`],
  ['zone_b', `^${ZONE}`],
  ['street_a', `^(?:${STREET})`],
  ['community_a', `^${COMMUNITY}`],
];

const ROAD_WORD = '大道|大街|马路|公路|国道|省道|县道|乡道|胡同|环路|路|街|道|巷|弄|里|条|线|坊';
const STRETCH = '(?:[东西南北中上下前后一二三四五六七八九十]+段|延伸段|延长线|辅路|支路|[东西南北]侧|[东西南北中])?';
/** What a road ends with; after it perhaps which stretch of it: 天府大道中段, 苏州大道西. */
export const ROAD_END = `(?:${ROAD_WORD})${STRETCH}`;
/** What stands before the road without being part of its name: 独墅湖高教区仁爱路, 国际科技园星湖街. */
export const BEFORE_ROAD =
  '^(.+(?:园区|业区|发区|教区|新区|中区|片区|小区|社区|园|城|广场|大厦|中心|基地|新村|村|港|坊|组))' +
  `([^东西南北中大一二三四五六七八九十园区城].+?${ROAD_END}|[东西南北中大][^路街道巷].*?${ROAD_END})$`;

/**
 * The first number of the text, what stands before it and what after. Written so that the next byte always decides,
 * which lets RE2 take its fastest way through a regular expression with groups.
 */
export const FIRST_NUMBER = '^([0-9]*[^0-9]+)([0-9][-0-9,]*[A-Z]?)((?:[^-0-9A-Z,].*)?)$';

/** After the first number: it was not of a door but of a building, floor, room … */
const UNIT_WORD = '幢|栋|座|#|层|楼|室|单元|期|区|F|组|队|社|厂房|车间|仓|库|米|公里|地块|块|亩';
export const NOT_A_DOOR = `^(?:${UNIT_WORD})`;
export const NUMBER_OF_SOMETHING = '^号(?:楼|馆|塔|公馆|别墅|栋|幢|座|写字楼|办公楼|综合楼)';
/** Of a door if a road stands before it (港城西路3号厂房), of a building if a place does (创业园3号厂房). */
export const NUMBER_OF_PREMISES = '^号(?:厂房|厂区|车间|仓|库|地块|门|房|室|铺|棚|商铺|生产线|宿舍)';
export const DOOR_AND_ROOM = '^([0-9]+)-([0-9]{3,})$';
export const LANE = '^弄(?:[0-9]+支弄)?(?:[0-9]+(?:-[0-9]+)?号?)?';

const ID = '[A-Z0-9][-A-Z0-9]*';
const BUILDING_WORD = '幢|栋|座|厂房|车间|仓库|库房|库|馆|公寓|别墅|塔楼|塔|办公楼|综合楼|写字楼|宿舍楼';
/**
 * What follows the door: a name, a phase or block, buildings, unit, floor, rooms. The name is as short as it can be
 * while all digits after it still find their place; nothing but words may be left over at the end.
 */
export const INSIDE =
  `^((?:号?(之[0-9]+|附[0-9]+|[甲乙丙丁戊])?号?)?,?(?:大?院)?,?` +
  `((?:[^0-9#]|[0-9]+\\.[0-9]+|[0-9]+(?:艺术|创意|文创|文化|产业|科创|老场|街区|时代|国际|中心|大厦|广场|公馆|小镇|园))*?)` +
  `(?:([0-9]+)(?:组|队|社)(?:([0-9][-0-9]*)号)?)?` +
  `((?:[A-Z0-9]+|[东西南北中]|[一二三四五六七八九十]+)(?:期|区|组团|地块))?` +
  `((?:[A-Z0-9]+|[东西南北中]|[一二三四五六七八九十]+)(?:期|区|组团|地块))?` +
  `(?:(?:#?(${ID})(?:[号#]?(${BUILDING_WORD})|#楼?|号楼)|([A-Z][0-9A-Z]*)楼|#(${ID})|([东西南北中主附裙]+(?:座|楼|栋|塔)))` +
  `(?:(${ID})(?:幢|栋|座|塔))?(?:([A-Z0-9]+区))?[^0-9A-Z#]*?)?` +
  `(?:(${ID}|[东西甲乙丙])(?:单元|门|梯))?` +
  `(?:(?:(-?[0-9]+(?:[-,][0-9]+)*|B[0-9]|负[0-9]+|地下[0-9]*|首|底|顶|夹)(?:层|楼|F)|F([0-9]+))(?:([A-Z0-9]+区))?[^0-9A-Z#]*?)?` +
  `(?:(${ID}(?:,${ID})*(?:号?(?:室|房|铺位|商铺|铺|单位|工位|车位|座)?|号)(?:[-,]${ID}(?:室|房|号)?)*(?:(?:室|房)(?:[A-Z0-9]+区|[^-0-9A-Z#,]{1,6})${ID}(?:号|室)?)?))?` +
  `([^0-9A-Z#]*))$`;
export const INSIDE_PARTS = [
  'all',
  'suffix',
  'name',
  'group',
  'house',
  'area',
  'area2',
  'b',
  'kind',
  'b_letter',
  'b_hash',
  'b_word',
  'tower',
  'area3',
  'unit',
  'floor',
  'floor_f',
  'area4',
  'room',
  'rest',
] as const;
