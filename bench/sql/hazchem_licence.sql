-- 危化品经营许可证情况: licences to trade in hazardous chemicals against scope, stores, sales and the catalogue.
WITH
-- A licence counts unless it was given back or taken away.
counting AS (
  SELECT * FROM hazchem_licence
  WHERE _eid IS NOT NULL AND (status IS NULL OR status NOT IN ('cancelled', 'revoked', 'annulled'))
),
-- Of several, the one that lasts longest speaks for the enterprise.
licence AS (
  SELECT DISTINCT ON (_eid) * FROM counting ORDER BY _eid, valid_to DESC NULLS LAST, _file, _row
),
goods AS (
  SELECT _eid, licence_no, goods, cas, catalogue_no FROM hazchem_goods WHERE _eid IS NOT NULL
),
first_licensed AS (
  SELECT _eid, CASE WHEN count(cas) = count(*) THEN min(cas) END AS cas FROM goods GROUP BY _eid
),
changed AS (
  SELECT _eid,
    max(changed_on) FILTER (WHERE item = 'name') AS renamed,
    max(changed_on) FILTER (WHERE item = 'address') AS moved,
    max(changed_on) FILTER (WHERE item = 'legal_rep') AS replaced
  FROM registry_change
  WHERE _eid IS NOT NULL AND changed_on <= :as_of
  GROUP BY _eid
)
-- [domain
SELECT 'WH-01' AS check_id, e._eid, '' AS about
FROM enterprise e
WHERE e.status = 'active'
  AND mentions_hazchem(e.scope)
  AND NOT EXISTS (
    SELECT 1 FROM hazchem_licence l
    WHERE l._eid = e._eid AND (l.valid_to >= :as_of AND (l.status IS NULL OR l.status = 'valid')) IS NOT FALSE
  )
  -- Makers sell what they make under their production licence, port operators under that of the port.
  AND NOT EXISTS (
    SELECT 1 FROM licence_list x
    WHERE x._eid = e._eid AND ((mentions(x.document, '危险化学品安全生产许可证') OR mentions(x.document, '危险化学品生产企业安全生产许可证')
        OR mentions(x.document, '港口经营许可证') OR mentions(x.document, '港口危险货物作业附证') OR contains(x.licence_no, 'WH安许证字'))
      AND x.valid_to >= :as_of AND (x.status IS NULL OR x.status = 'valid')) IS NOT FALSE
  )
UNION ALL
-- domain]
SELECT 'WH-02' AS check_id, e._eid, l.licence_no AS about
FROM enterprise e
JOIN licence l ON l._eid = e._eid
WHERE e.status = 'active'
  AND NOT (l.valid_from IS NOT NULL AND l.valid_from > l.valid_to)
  AND l.valid_to < :as_of
  AND NOT EXISTS (SELECT 1 FROM counting c WHERE c._eid = e._eid AND c.valid_to IS NULL)
UNION ALL
SELECT 'WH-03', e._eid, l.licence_no
FROM enterprise e
JOIN licence l ON l._eid = e._eid
WHERE e.status = 'active'
  AND :as_of >= add_months(l.valid_to, -3) AND :as_of <= l.valid_to
  -- An application from before the present term is the one that led to it.
  AND (l.renewal_applied_on IS NULL OR l.renewal_applied_on > :as_of OR l.renewal_applied_on < l.valid_from)
UNION ALL
SELECT 'WH-04', _eid, licence_no
FROM counting
WHERE (valid_to >= :as_of OR valid_from > valid_to)
  AND (valid_to >= DATE '9999-12-31' OR valid_from > valid_to OR valid_to > add_years(valid_from, 3))
UNION ALL
-- [domain
SELECT 'WH-05', e._eid, l.licence_no
FROM enterprise e
JOIN licence l ON l._eid = e._eid
LEFT JOIN changed c ON c._eid = e._eid
WHERE e.status IN ('active', 'suspended', 'liquidation')
  AND l.valid_to >= :as_of
  AND ((l.name__key <> e.name__key AND late(coalesce(c.renamed, e.approved_on)))
    OR (NOT same_address(l.address__parts, e.address__parts) AND late(coalesce(c.moved, e.approved_on)))
    OR (NOT same_person(l.legal_rep, e.legal_rep) AND late(coalesce(c.replaced, e.approved_on))))
UNION ALL
SELECT 'WH-06', s._eid, coalesce(s.goods, '?') || ' / ' || coalesce(s.cas, '?')
FROM hazchem_sales s
JOIN licence l ON l._eid = s._eid
LEFT JOIN first_licensed f ON f._eid = s._eid
WHERE s.sold_on <= :as_of AND s.sold_on > add_months(:as_of, -12)
  AND s.goods IS NOT NULL AND valid_cas(s.cas)
  AND NOT EXISTS (SELECT 1 FROM goods g WHERE g._eid = s._eid AND (g.cas = s.cas OR g.goods = s.goods))
  AND NOT coalesce(s.goods = ANY(l.scope), FALSE)
  AND s.cas <> f.cas
UNION ALL
-- domain]
SELECT 'WH-07', l._eid, l.licence_no
FROM licence l
WHERE l.mode IN ('without_storage', 'paper')
  AND (EXISTS (SELECT 1 FROM hazchem_stock s WHERE s._eid = l._eid) OR EXISTS (SELECT 1 FROM hazchem_warehouse w WHERE w._eid = l._eid))
UNION ALL
-- [domain
SELECT 'WH-08', w._eid, w.warehouse_no
FROM hazchem_warehouse w
JOIN licence l ON l._eid = w._eid
WHERE l.mode IN ('with_storage', 'warehousing', 'retail')
  AND address_level(w.address__parts, l.storage_address__parts) >= 4
UNION ALL
-- domain]
SELECT 'WH-09', e._eid, l.licence_no
FROM enterprise e
JOIN (
  SELECT DISTINCT ON (_eid) _eid, licence_no FROM hazchem_licence
  WHERE _eid IS NOT NULL
  ORDER BY _eid, valid_to DESC NULLS LAST, _file, _row
) l ON l._eid = e._eid
WHERE e.status IN ('deregistered', 'revoked', 'annulled')
  AND EXISTS (
    SELECT 1 FROM hazchem_licence x
    WHERE x._eid = e._eid AND x.valid_to >= :as_of AND (x.status IS NULL OR x.status IN ('valid', 'suspended'))
  )
UNION ALL
-- [domain
SELECT 'WH-10', g._eid, coalesce(g.licence_no, '?') || ' / ' || coalesce(g.goods, '?')
FROM goods g
WHERE (g.catalogue_no IS NULL OR g.catalogue_no <> 2828)
  AND NOT valid_cas(g.cas)
UNION ALL
-- domain]
SELECT 'WH-11', l._eid, l.licence_no
FROM counting l
JOIN licence_issuer i ON i.authority = l.authority
WHERE l.valid_to >= :as_of
  AND EXISTS (
    SELECT 1 FROM goods g JOIN hazchem_catalogue c ON c.cas = g.cas
    WHERE g._eid = l._eid AND g.licence_no = l.licence_no AND (c.highly_toxic OR c.explosive_precursor)
  )
  AND i.level = 'county' AND NOT i.delegated
-- [domain
UNION ALL
SELECT 'WH-12', _eid, licence_no
FROM counting
WHERE NOT valid_licence_no(licence_no) OR NOT starts_with(licence_no, '苏(') OR NOT contains(licence_no, '危化经字')
-- domain]
