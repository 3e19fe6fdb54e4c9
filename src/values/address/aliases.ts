/**
 * What a parser cannot know about a place: that a road was renamed, that a tower stands at a certain number, that a
 * zone goes by several names. It is the place's own data (its geographic library has it), never a rule in the code.
 */
export interface AddressAliases {
  /** Old or other road name → the present one: 苏华路 → 苏雅路. */
  roads?: ReadonlyMap<string, string>;
  /** Named compound or building → its road and number: 腾飞创新园 → 新平街388号. */
  places?: ReadonlyMap<string, string>;
  /** Names of one zone or district → the one to compare by: 园区, 苏州市工业园区 → 苏州工业园区. */
  zones?: ReadonlyMap<string, string>;
}
