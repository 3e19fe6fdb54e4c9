-- 危化品仓储安全监测: stock, major hazards, sensors, officers and cover of the stores of hazardous chemicals.
WITH
-- Of an enterprise's licences in force, the one that lasts longest speaks for it.
licence AS (
  SELECT DISTINCT ON (_eid) _eid, mode, scope FROM hazchem_licence
  WHERE _eid IS NOT NULL AND (status IS NULL OR status NOT IN ('cancelled', 'revoked', 'annulled'))
  ORDER BY _eid, valid_to DESC NULLS LAST, _file, _row
),
current_licence AS (
  SELECT DISTINCT ON (_eid) _eid, mode FROM hazchem_licence
  WHERE _eid IS NOT NULL AND valid_to >= :as_of AND (status IS NULL OR status = 'valid')
  ORDER BY _eid, valid_to DESC NULLS LAST, _file, _row
),
-- Stock with what the catalogue and the table of critical quantities say of its goods.
stock AS (
  SELECT s._eid, s.warehouse_no, s.goods, s.cas, s.fire_zone, s.approved, s.quantity,
    CASE s.unit WHEN 't' THEN s.quantity WHEN 'kg' THEN s.quantity / 1000 WHEN 'l' THEN s.quantity * c.density / 1000
      ELSE CASE WHEN s.unit IS NOT NULL THEN s.quantity * c.density END END AS held,
    coalesce(s.hazard_class, c.storage_class) AS class,
    CASE WHEN q.counted THEN s.approved / q.tonnes WHEN NOT q.counted THEN 0.0 END AS share,
    CASE WHEN q.counted THEN q.beta * s.approved / q.tonnes WHEN NOT q.counted THEN 0.0 END AS weight
  FROM hazchem_stock s
  LEFT JOIN hazchem_catalogue c ON c.cas = s.cas
  LEFT JOIN critical_quantity q ON q.cas = s.cas
  WHERE s._eid IS NOT NULL
),
room_stock AS (
  SELECT _eid, warehouse_no, sum(coalesce(share, 0)) AS at_least, max(approved) AS most, sum(weight) AS weight,
    count(*) - count(weight) AS weights_unknown, count(*) - count(approved) AS approved_unknown
  FROM stock
  GROUP BY _eid, warehouse_no
),
hazard AS (
  SELECT * FROM major_hazard WHERE _eid IS NOT NULL AND (status IS NULL OR status = 'filed')
),
goods AS (
  SELECT _eid, goods, cas FROM hazchem_goods WHERE _eid IS NOT NULL
),
first_licensed AS (
  SELECT _eid, CASE WHEN count(cas) = count(*) THEN min(cas) END AS cas FROM goods GROUP BY _eid
),
-- One scan of the readings, judged by device of the register.
readings AS (
  SELECT _eid, device_no,
    max(time) FILTER (WHERE time < :as_of + 1) AS last,
    count(*) FILTER (WHERE time < :as_of + 1) AS n,
    count(*) FILTER (WHERE time < :as_of AND time >= :as_of - 1) AS in_day,
    count(*) - count(time) AS undated,
    min(value) FILTER (WHERE time < :as_of AND time >= :as_of - 1) AS low,
    max(value) FILTER (WHERE time < :as_of AND time >= :as_of - 1) AS high,
    count(value) FILTER (WHERE time < :as_of AND time >= :as_of - 1) AS values_in_day,
    bool_or(time < :as_of - 1 AND alarm <> 'none' AND handled_at IS NULL) AS late
  FROM warehouse_sensor
  WHERE _eid IS NOT NULL
  GROUP BY _eid, device_no
),
device AS (
  SELECT d.*, r.last, coalesce(r.n, 0) AS n, coalesce(r.in_day, 0) AS in_day, coalesce(r.undated, 0) AS undated,
    r.low, r.high, coalesce(r.values_in_day, 0) AS values_in_day, r.late
  FROM warehouse_device d
  LEFT JOIN readings r ON r._eid = d._eid AND r.device_no = d.device_no
  WHERE d._eid IS NOT NULL
)
SELECT 'CC-01' AS check_id, _eid, coalesce(warehouse_no, '?') || ' / ' || coalesce(goods, '?') AS about
FROM stock
WHERE round(held, 3) > approved
UNION ALL
SELECT 'CC-02', w._eid, w.warehouse_no
FROM hazchem_warehouse w
JOIN room_stock s ON s._eid = w._eid AND s.warehouse_no = w.warehouse_no
WHERE s.at_least >= 1
  AND NOT EXISTS (SELECT 1 FROM hazard h WHERE h._eid = w._eid AND (h.unit_no = w.warehouse_no OR h.unit_no IS NULL))
  -- A filing of a unit that the register does not know may be of this one.
  AND NOT EXISTS (
    SELECT 1 FROM hazard h
    WHERE h._eid = w._eid
      AND NOT EXISTS (SELECT 1 FROM hazchem_warehouse u WHERE u._eid = h._eid AND u.warehouse_no = h.unit_no)
  )
UNION ALL
SELECT 'CC-03', _eid, filing_no
FROM (
  SELECT h._eid, h.filing_no, h.grade,
    round(CASE WHEN h.exposed_persons >= 100 THEN 2.0 WHEN h.exposed_persons >= 50 THEN 1.5
      WHEN h.exposed_persons >= 30 THEN 1.2 WHEN h.exposed_persons >= 1 THEN 1.0
      WHEN h.exposed_persons < 1 THEN 0.5 END * s.weight, 3) AS r
  FROM hazard h
  JOIN room_stock s ON s._eid = h._eid AND s.warehouse_no = h.unit_no
  WHERE s.most > 0 AND s.approved_unknown = 0 AND s.weights_unknown = 0
) h
WHERE grade <> CASE WHEN r >= 100 THEN 'level_1' WHEN r >= 50 THEN 'level_2' WHEN r >= 10 THEN 'level_3' WHEN r < 10 THEN 'level_4' END
UNION ALL
SELECT 'CC-04', _eid, filing_no
FROM hazard
WHERE add_years(assessed_on, 3) < :as_of
UNION ALL
-- [domain
SELECT 'CC-05', s._eid, coalesce(s.warehouse_no, '?') || ' / ' || coalesce(s.goods, '?')
FROM stock s
JOIN licence l ON l._eid = s._eid
LEFT JOIN first_licensed f ON f._eid = s._eid
WHERE s.quantity > 0 AND s.goods IS NOT NULL AND valid_cas(s.cas)
  AND NOT EXISTS (SELECT 1 FROM goods g WHERE g._eid = s._eid AND (g.cas = s.cas OR g.goods = s.goods))
  AND NOT coalesce(s.goods = ANY(l.scope), FALSE)
  AND s.cas <> f.cas
  -- Goods that were sold too are told by WH-06.
  AND NOT EXISTS (
    SELECT 1 FROM hazchem_sales x
    WHERE x._eid = s._eid AND x.cas = s.cas AND x.sold_on <= :as_of AND x.sold_on > add_months(:as_of, -12)
  )
UNION ALL
-- domain]
SELECT 'CC-06', _eid, device_no
FROM device
WHERE status = 'in_use'
  AND (installed_on IS NULL OR installed_on < :as_of - 1)
  AND undated = 0
  AND (n = 0 OR last < :as_of - 1 OR 1440.0 / interval_minutes - in_day >= 12)
UNION ALL
SELECT 'CC-07', _eid, device_no
FROM device
WHERE late
UNION ALL
SELECT 'CC-08', d._eid, d.device_no
FROM device d
LEFT JOIN sensor_range r ON r.kind = d.kind
WHERE d.status = 'in_use'
  AND d.undated = 0
  AND d.values_in_day = d.in_day
  AND ((r.varies AND d.in_day >= 12 AND d.low = d.high)
    OR d.low < coalesce(d.range_low, r.low) OR d.high > coalesce(d.range_high, r.high))
UNION ALL
SELECT 'CC-09', s._eid, coalesce(s.warehouse_no, '?') || ' / ' || coalesce(s.goods, '?')
FROM stock s
WHERE s.quantity > 0
  AND EXISTS (
    SELECT 1 FROM stock b
    JOIN incompatible_goods x ON x.class_b = b.class
    WHERE b._eid = s._eid AND b.warehouse_no = s.warehouse_no AND coalesce(b.fire_zone, '') = coalesce(s.fire_zone, '')
      AND (b.quantity IS NULL OR b.quantity > 0)
      AND x.class_a = s.class
  )
  -- Goods of an unknown class leave the question open.
  AND NOT EXISTS (
    SELECT 1 FROM stock b
    WHERE b._eid = s._eid AND b.warehouse_no = s.warehouse_no AND coalesce(b.fire_zone, '') = coalesce(s.fire_zone, '')
      AND (b.quantity IS NULL OR b.quantity > 0) AND b.class IS NULL
  )
UNION ALL
SELECT 'CC-10', o._eid, coalesce(o.role, '?') || ' / ' || coalesce(o.name, '?') || ' / ' || coalesce(o.certificate_no, '?')
FROM safety_staff o
JOIN enterprise e ON e._eid = o._eid
LEFT JOIN (
  SELECT _eid, id_no, role, max(valid_to) AS until FROM safety_staff WHERE _eid IS NOT NULL GROUP BY _eid, id_no, role
) h ON h._eid = o._eid AND h.id_no = o.id_no AND h.role = o.role
WHERE e.status = 'active'
  AND o.role IN ('principal', 'manager')
  AND (o.left_on IS NULL OR o.left_on > :as_of)
  AND o.valid_to = coalesce(h.until, o.valid_to)
  AND o.valid_to < :as_of
UNION ALL
SELECT 'CC-11', e._eid, ''
FROM enterprise e
LEFT JOIN current_licence l ON l._eid = e._eid
WHERE e.status = 'active'
  AND (e.industry IN ('2611', '2612', '2613', '2614', '2619', '2641', '2642', '2661', '2662', '2663', '2671', '2672', '5941', '5942', '5949')
    OR l.mode IN ('with_storage', 'warehousing'))
  AND NOT EXISTS (
    SELECT 1 FROM safety_insurance i
    WHERE i._eid = e._eid AND (i.valid_from <= :as_of AND i.valid_to >= :as_of AND (i.status IS NULL OR i.status <> 'surrendered')) IS NOT FALSE
  )
UNION ALL
SELECT 'CC-12', e._eid, coalesce(p.filing_no, '?')
FROM enterprise e
JOIN (
  SELECT DISTINCT ON (_eid) _eid, filing_no, filed_on FROM emergency_plan
  WHERE _eid IS NOT NULL AND (status IS NULL OR status = 'filed')
  ORDER BY _eid, filed_on DESC NULLS LAST, _file, _row
) p ON p._eid = e._eid
WHERE e.status = 'active' AND add_years(p.filed_on, 3) < :as_of
