-- 社保参保与用工信息: insured headcount beside payroll, revenue, registration and the safety staff that was named.
WITH
-- One scan of the insured: whoever has a row has an account; June is the month that is compared.
staff AS (
  SELECT _eid,
    count(*) FILTER (WHERE month = :last_month) AS rows_now,
    bool_or(arrears_months >= 1) FILTER (WHERE month = :last_month) AS owing,
    bool_or(insurance = 'pension' AND persons > 0) FILTER (WHERE month = :last_month) AS pension,
    bool_or((insurance = 'injury' AND persons > 0) IS NOT FALSE) FILTER (WHERE month = :last_month) AS maybe_injury,
    count(*) FILTER (WHERE insurance = 'pension' AND month = :last_month) AS pension_rows,
    sum(persons) FILTER (WHERE insurance = 'pension' AND month = :last_month) AS pension_persons,
    sum(persons) FILTER (WHERE insurance = 'pension' AND month >= add_months(:last_month, -3) AND month < :last_month) AS earlier_persons,
    count(DISTINCT month) FILTER (WHERE insurance = 'pension' AND month >= add_months(:last_month, -3) AND month < :last_month) AS earlier_months,
    bool_or((persons > 0) IS NOT FALSE) FILTER (WHERE month > add_months(:last_month, -6) AND month <= :last_month) AS maybe_somebody
  FROM insured
  WHERE _eid IS NOT NULL
  GROUP BY _eid
),
declared AS (
  SELECT _eid,
    max(payroll) FILTER (WHERE month = :last_month) AS payroll,
    sum(CASE WHEN revenue > 0 THEN CASE period WHEN 'quarter' THEN 3 ELSE 1 END ELSE 0 END) AS months,
    count(*) - count(revenue) AS revenues_unknown
  FROM tax_month
  WHERE month > add_months(:last_month, -6) AND month <= :last_month AND _eid IS NOT NULL
  GROUP BY _eid
),
firm AS (
  SELECT e._eid, e.uscc, e.name__key, e.former_names, e.status, e.established_on, e.industry, e.parent_uscc,
    d.payroll, d.months, d.revenues_unknown,
    s._eid IS NOT NULL AS has_account,
    coalesce(s.rows_now, 0) AS rows_now,
    s.owing, s.pension, s.maybe_injury, s.pension_rows, s.pension_persons, s.earlier_persons, s.earlier_months,
    coalesce(s.maybe_somebody, FALSE) AS maybe_somebody
  FROM enterprise e
  LEFT JOIN staff s ON s._eid = e._eid
  LEFT JOIN declared d ON d._eid = e._eid
),
exempt AS (
  SELECT _eid, sum(persons) AS persons FROM staff_filing WHERE month = :last_month GROUP BY _eid
),
people_now AS (
  SELECT _eid, uscc, id_no FROM insured_person WHERE month = :last_month
)
SELECT 'SB-01' AS check_id, f._eid, '' AS about
FROM firm f
WHERE f.status = 'active'
  AND f.established_on + 30 < :as_of
  AND f.payroll > 0
  AND NOT f.has_account
  AND NOT EXISTS (SELECT 1 FROM insured p WHERE p.uscc = f.parent_uscc)
UNION ALL
SELECT 'SB-02', f._eid, ''
FROM firm f
LEFT JOIN exempt x ON x._eid = f._eid
WHERE f.status = 'active'
  AND f.payroll > 0
  AND f.pension_rows > 0
  AND f.payroll - coalesce(x.persons, 0) - f.pension_persons > greatest(3, 0.2 * f.payroll)
UNION ALL
SELECT 'SB-03', _eid, ''
FROM firm
WHERE status IN ('active', 'suspended') AND owing
UNION ALL
SELECT 'SB-04', _eid, ''
FROM firm
WHERE status = 'active' AND parent_uscc IS NULL
  AND months >= 6 AND revenues_unknown = 0
  AND NOT maybe_somebody
UNION ALL
SELECT 'SB-05', _eid, ''
FROM firm
WHERE status = 'active'
  AND earlier_months = 3
  AND pension_rows > 0
  AND pension_persons < 0.5 * earlier_persons / 3
  AND earlier_persons / 3.0 - pension_persons >= 10
UNION ALL
-- [domain
SELECT 'SB-06', f._eid, ''
FROM firm f
JOIN (
  SELECT DISTINCT ON (_eid) _eid, uscc, name__key FROM insured
  WHERE _eid IS NOT NULL
  ORDER BY _eid, month DESC NULLS LAST, _file, _row
) i ON i._eid = f._eid
LEFT JOIN (
  SELECT _eid, array_agg(before) AS names FROM registry_change WHERE item = 'name' AND _eid IS NOT NULL GROUP BY _eid
) c ON c._eid = f._eid
WHERE f.status IN ('active', 'suspended')
  AND ((i.name__key <> f.name__key AND NOT is_name_of(i.name__key, f.name__key, f.former_names) AND NOT is_name_of(i.name__key, f.name__key, c.names))
    OR i.uscc <> f.uscc)
UNION ALL
-- domain]
SELECT 'SB-07', f._eid, ''
FROM firm f
WHERE f.status = 'active'
  AND (substr(f.industry, 1, 2) BETWEEN '06' AND '43' OR substr(f.industry, 1, 2) IN ('47', '48', '59')
    OR EXISTS (
      SELECT 1 FROM hazchem_licence l
      WHERE l._eid = f._eid AND l.valid_to >= :as_of AND (l.status IS NULL OR l.status = 'valid')
    ))
  AND (f.pension OR f.payroll > 0)
  -- A branch without an account of its own is covered through its parent.
  AND NOT (f.parent_uscc IS NOT NULL AND NOT f.has_account)
  -- With an account but no row of the month nobody can tell; without any account nobody is covered.
  AND ((f.rows_now > 0 AND NOT f.maybe_injury) OR NOT f.has_account)
UNION ALL
SELECT 'SB-08', f._eid, coalesce(o.name, '?') || ' / ' || coalesce(o.role, '?')
FROM firm f
JOIN safety_staff o ON o._eid = f._eid
WHERE f.status = 'active'
  AND (o.valid_to IS NULL OR o.valid_to >= :as_of)
  AND (o.role IS NULL OR o.role <> 'special')
  AND o.id_no IS NOT NULL
  AND EXISTS (SELECT 1 FROM people_now p WHERE p._eid = f._eid)
  AND NOT EXISTS (SELECT 1 FROM people_now p WHERE p._eid = f._eid AND p.id_no = o.id_no)
  -- Staff of a branch may be insured by its parent.
  AND NOT EXISTS (SELECT 1 FROM people_now p WHERE p.uscc = f.parent_uscc AND p.id_no = o.id_no)
