-- 排污许可证情况: discharge permits and registrations against the catalogue, the registry and tax.
WITH
working AS (
  SELECT * FROM enterprise WHERE status IN ('active', 'suspended', 'liquidation')
),
-- Of the records of one permit, the one issued last is judged.
permit AS (
  SELECT * FROM (
    SELECT p.*, max(issued_on) OVER (PARTITION BY _eid, permit_no) AS newest FROM discharge_permit p WHERE _eid IS NOT NULL
  ) p
  WHERE issued_on = newest
),
held AS (
  SELECT _eid,
    bool_or((status = 'valid' AND valid_to >= :as_of AND management_class IN ('key', 'simplified')) IS NOT FALSE) AS maybe_permitted,
    bool_or((status = 'valid' AND valid_to >= :as_of) IS NOT FALSE) AS maybe_valid,
    bool_or(status = 'valid' AND valid_to >= :as_of) AS live,
    bool_or(status = 'valid' AND management_class = 'registration') AS registered,
    count(*) FILTER (WHERE status = 'valid' AND production_address__door IS NULL) AS untold
  FROM discharge_permit
  WHERE _eid IS NOT NULL
  GROUP BY _eid
),
class AS (
  SELECT industry,
    bool_or(condition_kind = 'none') AS always,
    bool_or(condition_kind = 'key_list') AS by_list,
    bool_or(condition_kind = 'process') AS by_process
  FROM discharge_class
  WHERE management_class IN ('key', 'simplified')
  GROUP BY industry
),
eia AS (
  SELECT DISTINCT ON (_eid) _eid, management_class FROM eia_project
  WHERE _eid IS NOT NULL
  ORDER BY _eid, approved_on DESC NULLS LAST, _file, _row
),
-- Who needs a permit by the catalogue and has none in force.
unpermitted AS (
  SELECT e._eid, h.registered
  FROM working e
  JOIN class c ON c.industry = e.industry
  LEFT JOIN eia ON eia._eid = e._eid
  LEFT JOIN held h ON h._eid = e._eid
  WHERE substr(e.industry, 1, 2) IN ('03', '06', '07', '08', '09', '10', '13', '14', '15', '17', '18', '19', '20', '21', '22',
      '23', '24', '25', '26', '27', '28', '29', '30', '31', '32', '33', '34', '35', '36', '37', '38', '39', '40', '41', '42',
      '43', '44', '45', '46', '77')
    AND (c.always OR (c.by_list AND e.key_polluter) OR (c.by_process AND eia.management_class IN ('key', 'simplified')))
    AND NOT coalesce(h.maybe_permitted, FALSE)
),
changed AS (
  SELECT _eid,
    max(changed_on) FILTER (WHERE item = 'name') AS renamed,
    max(changed_on) FILTER (WHERE item = 'address') AS moved,
    max(changed_on) FILTER (WHERE item = 'legal_rep') AS replaced
  FROM registry_change
  WHERE _eid IS NOT NULL
  GROUP BY _eid
),
in_force AS (
  SELECT _eid, count(*) AS n, count(DISTINCT permit_no) AS numbers, count(DISTINCT production_address__unit) AS places,
    count(*) - count(production_address__unit) AS unplaced
  FROM discharge_permit
  WHERE _eid IS NOT NULL AND status = 'valid' AND valid_from <= :as_of AND valid_to >= :as_of
  GROUP BY _eid
)
SELECT 'PW-01' AS check_id, _eid, '' AS about
FROM unpermitted
UNION ALL
SELECT 'PW-02', p._eid, p.permit_no
FROM permit p
JOIN working e ON e._eid = p._eid
WHERE p.status IN ('valid', 'expired') AND p.valid_to < :as_of
  -- Still at work, as tax and social insurance see it.
  AND (EXISTS (SELECT 1 FROM tax_month t WHERE t._eid = p._eid AND t.month >= add_months(:month, -3) AND t.revenue > 0)
    OR EXISTS (SELECT 1 FROM insured i WHERE i._eid = p._eid AND i.month >= add_months(:month, -3) AND i.persons > 0))
UNION ALL
SELECT 'PW-03', p._eid, p.permit_no
FROM permit p
JOIN working e ON e._eid = p._eid
WHERE p.status = 'valid' AND p.valid_to >= :as_of AND p.valid_to - :as_of < 60
  -- An application dated before this issue belongs to an earlier term.
  AND (p.renewal_applied_on IS NULL OR p.renewal_applied_on < p.issued_on)
UNION ALL
SELECT 'PW-04', _eid, permit_no
FROM permit
WHERE status = 'valid'
  AND (valid_to >= DATE '9999-12-31' OR valid_from > valid_to
    OR (valid_from >= DATE '2021-03-01' AND abs(valid_to - add_years(valid_from, 5)) > 1))
UNION ALL
-- [domain
SELECT 'PW-05', p._eid, p.permit_no
FROM permit p
JOIN working e ON e._eid = p._eid
LEFT JOIN changed c ON c._eid = e._eid
WHERE p.status = 'valid'
  AND ((p.name__key <> e.name__key AND coalesce(c.renamed, e.approved_on) + 30 < :as_of)
    OR (NOT same_address(p.address__parts, e.address__parts) AND coalesce(c.moved, e.approved_on) + 30 < :as_of)
    OR (NOT same_person(p.legal_rep, e.legal_rep) AND coalesce(c.replaced, e.approved_on) + 30 < :as_of))
UNION ALL
SELECT 'PW-06', p._eid, p.permit_no
FROM permit p
JOIN enterprise e ON e._eid = p._eid
WHERE p.status IN ('valid', 'expired')
  AND (NOT valid_permit_no(p.permit_no)
    OR (NOT starts_with(p.permit_no, 'H9')
      AND permit_uscc(p.permit_no) <> e.uscc
      AND (e.parent_uscc IS NULL OR permit_uscc(p.permit_no) <> e.parent_uscc)
      AND NOT EXISTS (SELECT 1 FROM enterprise o WHERE o.uscc = permit_uscc(p.permit_no) AND o.parent_uscc = e.uscc)))
UNION ALL
-- domain]
SELECT 'PW-07', u._eid, ''
FROM unpermitted u
WHERE u.registered OR EXISTS (SELECT 1 FROM discharge_registration r WHERE r._eid = u._eid AND r.status = 'valid')
UNION ALL
-- [domain
SELECT 'PW-08', r._eid, r.registration_no
FROM (
  SELECT *, max(registered_on) OVER w AS newest, count(*) OVER w - count(registered_on) OVER w AS undated, permit_site(registration_no) AS site
  FROM discharge_registration
  WHERE _eid IS NOT NULL
  WINDOW w AS (PARTITION BY _eid, permit_site(registration_no))
) r
JOIN working e ON e._eid = r._eid
LEFT JOIN held h ON h._eid = r._eid
WHERE (r.registered_on = r.newest OR r.undated > 0 OR r.site IS NULL)
  AND r.status IN ('valid', 'expired')
  -- Who has moved up to a permit no longer needs the registration.
  AND NOT coalesce(h.maybe_valid, FALSE)
  AND r.valid_to < :as_of
UNION ALL
-- domain]
SELECT 'PW-09', p._eid, p.permit_no
FROM permit p
JOIN enterprise e ON e._eid = p._eid
WHERE e.status IN ('deregistered', 'revoked', 'annulled') AND p.status = 'valid' AND p.valid_to >= :as_of
UNION ALL
SELECT 'PW-10', e._eid, ''
FROM working e
JOIN held h ON h._eid = e._eid
JOIN tax_registration t ON t._eid = e._eid
WHERE h.live AND h.untold = 0
  AND t.production_address__door IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM discharge_permit p
    WHERE p._eid = e._eid AND p.production_address__door = t.production_address__door
      AND (p.status = 'valid' AND p.valid_to >= :as_of) IS NOT FALSE
  )
  AND NOT EXISTS (
    SELECT 1 FROM discharge_registration r
    WHERE r._eid = e._eid AND r.production_address__door = t.production_address__door
      AND (r.status = 'valid' AND r.valid_to >= :as_of) IS NOT FALSE
  )
UNION ALL
SELECT 'PW-11', _eid, ''
FROM in_force
-- A single record duplicates nothing, however coarse its address.
WHERE n <> numbers OR (n <> 1 AND unplaced = 0 AND n <> places)
UNION ALL
SELECT 'PW-12', p._eid, p.permit_no
FROM permit p
JOIN working e ON e._eid = p._eid
JOIN tax_registration t ON t._eid = p._eid
WHERE p.status = 'valid'
  -- A registry that records the division or group only does not contradict a class within it.
  AND NOT starts_with(p.industry, e.industry)
  AND (t.industry IS NULL OR NOT starts_with(p.industry, t.industry))
