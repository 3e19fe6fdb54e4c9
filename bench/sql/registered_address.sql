-- 注册地址信息: the registered address against the address library, the property register and the other departments.
WITH
firm AS (
  SELECT e.*, address__door AS door, address__building AS building, address__unit AS unit
  FROM enterprise e
  WHERE status IN ('active', 'suspended')
),
-- The address library by door, by building and by room; what is retired is there no more, but was listed once.
geo_door AS (
  SELECT address__door AS door, count(*) FILTER (WHERE status IS NULL OR status <> 'retired') AS n, count(address__building) AS buildings
  FROM geo_address
  WHERE address__door IS NOT NULL
  GROUP BY address__door
),
geo_building AS (
  SELECT address__building AS building, count(*) FILTER (WHERE status IS NULL OR status <> 'retired') AS n, count(address__unit) AS units
  FROM geo_address
  WHERE address__building IS NOT NULL
  GROUP BY address__building
),
geo_unit AS (
  SELECT address__unit AS unit, count(*) FILTER (WHERE status IS NULL OR status <> 'retired') AS n
  FROM geo_address
  WHERE address__unit IS NOT NULL
  GROUP BY address__unit
),
title AS (
  SELECT title_no, owner, owner__key, co_owners, use, status, registered_on, _file, _row,
    address__door AS door, address__building AS building, address__unit AS unit,
    status IS NULL OR status IN ('current', 'mortgaged', 'sealed') AS effective
  FROM property_title
),
title_door AS (
  SELECT door, count(*) AS n, count(building) AS buildings,
    count(*) FILTER (WHERE building IS NULL AND unit IS NULL) AS whole,
    count(*) FILTER (WHERE effective) AS maybe_live
  FROM title WHERE door IS NOT NULL
  GROUP BY door
),
title_building AS (
  SELECT building, count(*) AS n, count(unit) AS units, count(*) FILTER (WHERE effective) AS maybe_live
  FROM title WHERE building IS NOT NULL
  GROUP BY building
),
title_unit AS (
  SELECT unit, count(*) AS n, array_agg(owner) FILTER (WHERE effective) AS owners
  FROM title WHERE unit IS NOT NULL
  GROUP BY unit
),
-- Everything that is counted around each active firm with a readable door.
placed AS (
  SELECT f.*,
    coalesce(gd.n, 0) AS geo_doors, coalesce(gd.buildings, 0) AS geo_listed_buildings,
    coalesce(gb.n, 0) AS geo_buildings, coalesce(gb.units, 0) AS geo_listed_units,
    coalesce(gu.n, 0) AS geo_units,
    coalesce(td.n, 0) AS door_titles, coalesce(td.buildings, 0) AS titled_buildings, coalesce(td.whole, 0) AS whole_door_titles,
    coalesce(td.maybe_live, 0) AS door_live,
    coalesce(tb.n, 0) AS building_titles, coalesce(tb.units, 0) AS titled_units, coalesce(tb.maybe_live, 0) AS building_live,
    coalesce(tu.n, 0) AS unit_titles, tu.owners
  FROM firm f
  LEFT JOIN geo_door gd ON gd.door = f.door
  LEFT JOIN geo_building gb ON gb.building = f.building
  LEFT JOIN geo_unit gu ON gu.unit = f.unit
  LEFT JOIN title_door td ON td.door = f.door
  LEFT JOIN title_building tb ON tb.building = f.building
  LEFT JOIN title_unit tu ON tu.unit = f.unit
  WHERE f.status = 'active' AND f.door IS NOT NULL
),
-- The newest title of the room, of the building as a whole, of the door as a whole: in force, and of any status.
effective_unit AS (
  SELECT DISTINCT ON (unit) * FROM title WHERE unit IS NOT NULL AND effective
  ORDER BY unit, registered_on DESC NULLS LAST, _file, _row
),
effective_building AS (
  SELECT DISTINCT ON (building) * FROM title WHERE building IS NOT NULL AND unit IS NULL AND effective
  ORDER BY building, registered_on DESC NULLS LAST, _file, _row
),
effective_door AS (
  SELECT DISTINCT ON (door) * FROM title WHERE door IS NOT NULL AND building IS NULL AND unit IS NULL AND effective
  ORDER BY door, registered_on DESC NULLS LAST, _file, _row
),
any_unit AS (
  SELECT DISTINCT ON (unit) * FROM title WHERE unit IS NOT NULL ORDER BY unit, registered_on DESC NULLS LAST, _file, _row
),
any_building AS (
  SELECT DISTINCT ON (building) * FROM title WHERE building IS NOT NULL AND unit IS NULL
  ORDER BY building, registered_on DESC NULLS LAST, _file, _row
),
any_door AS (
  SELECT DISTINCT ON (door) * FROM title WHERE door IS NOT NULL AND building IS NULL AND unit IS NULL
  ORDER BY door, registered_on DESC NULLS LAST, _file, _row
),
-- The newest declaration of these premises, and the latest end of any lease of them.
declaration AS (
  SELECT DISTINCT ON (f._eid) f._eid, d.declared_owner__key, d.lease_chain, d.residential_consent, d.tenure, d.lease_to,
    max(d.lease_to) OVER (PARTITION BY f._eid) AS last_lease_to
  FROM firm f
  JOIN address_declaration d ON d._eid = f._eid AND d.address__door = f.door
  ORDER BY f._eid, d.filed_on DESC NULLS LAST, d._file, d._row
),
permit AS (
  SELECT DISTINCT ON (_eid) * FROM discharge_permit
  WHERE _eid IS NOT NULL AND valid_to >= :as_of AND (status IS NULL OR status = 'valid')
  ORDER BY _eid, valid_to DESC NULLS LAST, _file, _row
),
licence AS (
  SELECT DISTINCT ON (_eid) * FROM hazchem_licence
  WHERE _eid IS NOT NULL AND valid_to >= :as_of AND (status IS NULL OR status = 'valid')
  ORDER BY _eid, valid_to DESC NULLS LAST, _file, _row
),
moved AS (
  SELECT _eid, max(changed_on) AS changed_on FROM registry_change WHERE _eid IS NOT NULL AND item = 'address' GROUP BY _eid
),
-- Where else the enterprise may lawfully be: its branches, and places it has filed.
other_door AS (
  SELECT p._eid, b.address__door AS door
  FROM enterprise b JOIN enterprise p ON p.uscc = b.parent_uscc
  WHERE b.status IN ('active', 'suspended')
  UNION ALL
  SELECT _eid, address__door FROM site_filing WHERE _eid IS NOT NULL AND (withdrawn_on IS NULL OR withdrawn_on > :as_of)
),
shared_unit AS (
  SELECT unit, count(*) AS live FROM firm WHERE unit IS NOT NULL GROUP BY unit HAVING count(*) > 5
),
cluster AS (
  SELECT address__door AS door, address__building AS building, address__unit AS unit FROM cluster_address
  WHERE valid_to IS NULL OR valid_to >= :as_of
)
-- [domain
SELECT 'DZ-01' AS check_id, _eid, '' AS about
FROM firm
WHERE status = 'active'
  -- A blank cell is an anomaly here, an unreadable one is not.
  AND CASE WHEN address IS NULL THEN NOT coalesce(list_contains(_bad, 'address'), FALSE) ELSE NOT has_door(address__parts) END
UNION ALL
-- domain]
SELECT 'DZ-02' AS check_id, p._eid, '' AS about
FROM placed p
LEFT JOIN (
  SELECT DISTINCT ON (alias__door) alias__door AS door, canonical__door FROM address_alias
  WHERE alias__door IS NOT NULL
  ORDER BY alias__door, valid_from DESC NULLS LAST, _file, _row
) a ON a.door = p.door
LEFT JOIN geo_door g ON g.door = a.canonical__door
WHERE p.geo_doors = 0
  AND (a.door IS NULL OR (a.canonical__door IS NOT NULL AND coalesce(g.n, 0) = 0))
UNION ALL
SELECT 'DZ-03', _eid, ''
FROM placed
WHERE geo_doors > 0
  -- Not found is not enough: the library, or every title, must list buildings of this door, or rooms of this building.
  AND ((building IS NOT NULL AND geo_buildings = 0 AND building_titles = 0
      AND (geo_listed_buildings > 0 OR (door_titles > 0 AND titled_buildings = door_titles)))
    OR (unit IS NOT NULL AND building IS NOT NULL AND geo_units = 0 AND unit_titles = 0
      AND (geo_listed_units > 0 OR (building_titles > 0 AND titled_units = building_titles))))
UNION ALL
-- [domain
SELECT 'DZ-04', p._eid, ''
FROM placed p
JOIN declaration d ON d._eid = p._eid
LEFT JOIN effective_unit u ON u.unit = p.unit
LEFT JOIN effective_building b ON b.building = p.building
LEFT JOIN effective_door o ON o.door = p.door
WHERE d.lease_chain IS NOT TRUE
  AND d.declared_owner__key <> coalesce(u.owner__key, b.owner__key, o.owner__key)
  -- Any of the joint owners will do.
  AND NOT is_name_of(d.declared_owner__key, coalesce(u.owner__key, b.owner__key, o.owner__key), p.owners)
  AND NOT is_name_of(d.declared_owner__key, coalesce(u.owner__key, b.owner__key, o.owner__key), u.co_owners)
  AND NOT is_name_of(d.declared_owner__key, coalesce(u.owner__key, b.owner__key, o.owner__key), b.co_owners)
  AND NOT is_name_of(d.declared_owner__key, coalesce(u.owner__key, b.owner__key, o.owner__key), o.co_owners)
UNION ALL
-- domain]
SELECT 'DZ-05', p._eid, ''
FROM placed p
LEFT JOIN declaration d ON d._eid = p._eid
LEFT JOIN effective_unit u ON u.unit = p.unit
LEFT JOIN effective_building b ON b.building = p.building
LEFT JOIN effective_door o ON o.door = p.door
WHERE (coalesce(u.use, b.use, o.use) = 'residential' AND d._eid IS NOT NULL AND d.residential_consent IS NOT TRUE)
  OR (coalesce(u.use, b.use, o.use) IN ('warehouse', 'garage') AND substr(p.industry, 1, 2) BETWEEN '63' AND '75')
UNION ALL
SELECT 'DZ-06', f._eid, ''
FROM firm f
JOIN shared_unit s ON s.unit = f.unit
WHERE NOT (f.address LIKE '%集群注册%' OR f.address LIKE '%集群登记%' OR f.address LIKE '%住所托管%')
  -- Without the list of cluster addresses nobody can tell.
  AND EXISTS (SELECT 1 FROM cluster_address)
  AND f.door IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM cluster c
    WHERE c.unit = f.unit OR (c.unit IS NULL AND c.building = f.building)
      OR (c.unit IS NULL AND c.building IS NULL AND c.door = f.door)
  )
UNION ALL
-- [domain
SELECT 'DZ-07', f._eid, ''
FROM firm f
LEFT JOIN tax_registration t ON t._eid = f._eid
LEFT JOIN permit p ON p._eid = f._eid
LEFT JOIN moved m ON m._eid = f._eid
WHERE f.status = 'active'
  -- The others have thirty days to follow a change of the registered address.
  AND (m.changed_on IS NULL OR m.changed_on + 30 < :as_of)
  -- Most addresses are written alike: that is asked first, and cheaply.
  AND ((f.address__parts <> t.address__parts AND NOT same_address(f.address__parts, t.address__parts))
    OR (f.address__parts <> p.address__parts AND NOT same_address(f.address__parts, p.address__parts)))
UNION ALL
SELECT 'DZ-08', f._eid, ''
FROM firm f
LEFT JOIN permit p ON p._eid = f._eid
LEFT JOIN licence l ON l._eid = f._eid
LEFT JOIN (SELECT DISTINCT _eid FROM site_filing) s ON s._eid = f._eid
WHERE f.status = 'active'
  AND (p._eid IS NOT NULL OR l.storage_address IS NOT NULL)
  -- Where the registry says that further sites are filed, and their table is not here, nobody can tell.
  AND (f.multi_site IS NULL OR s._eid IS NOT NULL)
  AND ((p.production_address__door IS NOT NULL
      AND NOT same_address(f.address__parts, p.production_address__parts)
      AND NOT EXISTS (SELECT 1 FROM other_door x WHERE x._eid = f._eid AND (x.door = p.production_address__door OR x.door IS NULL)))
    OR (l.storage_address__door IS NOT NULL
      AND NOT same_address(f.address__parts, l.storage_address__parts)
      AND NOT EXISTS (SELECT 1 FROM other_door x WHERE x._eid = f._eid AND (x.door = l.storage_address__door OR x.door IS NULL))))
UNION ALL
-- domain]
SELECT 'DZ-09', f._eid, ''
FROM firm f
JOIN declaration d ON d._eid = f._eid
WHERE f.status = 'active' AND d.tenure IN ('leased', 'subleased', 'hosted')
  AND d.lease_to < :as_of AND d.last_lease_to < :as_of
UNION ALL
SELECT 'DZ-10', p._eid, ''
FROM placed p
LEFT JOIN any_unit u ON u.unit = p.unit
LEFT JOIN any_building b ON b.building = p.building
LEFT JOIN any_door o ON o.door = p.door
-- When a building is split into units its first title is cancelled: the units' titles live on.
WHERE CASE
    WHEN u.title_no IS NOT NULL THEN u.status IN ('cancelled', 'demolished', 'expropriated')
    WHEN b.title_no IS NOT NULL THEN b.status IN ('cancelled', 'demolished', 'expropriated') AND p.building_live = 0
    ELSE o.status IN ('cancelled', 'demolished', 'expropriated') AND p.door_live = 0
  END
UNION ALL
SELECT 'DZ-11', f._eid, ''
FROM firm f
WHERE EXISTS (
    SELECT 1 FROM abnormal_list a
    WHERE a._eid = f._eid AND a.listed_on <= :as_of AND a.reason = 'unreachable' AND (a.removed_on IS NULL OR a.removed_on > :as_of)
  )
  -- A row of this enterprise that could not be read may be its removal.
  AND NOT EXISTS (SELECT 1 FROM quarantined q WHERE q._eid = f._eid AND q.source = 'abnormal_list' AND q.scope = 'row')
UNION ALL
SELECT 'DZ-12', _eid, ''
FROM placed
WHERE CASE WHEN unit IS NOT NULL THEN geo_units > 0 WHEN building IS NOT NULL THEN geo_buildings > 0 ELSE geo_doors > 0 END
  AND CASE
    WHEN unit IS NOT NULL THEN unit_titles + building_titles - titled_units + whole_door_titles
    WHEN building IS NOT NULL THEN building_titles + whole_door_titles
    ELSE door_titles
  END = 0
